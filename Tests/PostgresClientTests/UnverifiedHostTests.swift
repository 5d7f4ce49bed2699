import PostgresClient
import Testing

@Suite("Hosts that are not asked who they are")
struct UnverifiedHostTests {
  @Test(
    "are those over a network, below verify-ca",
    arguments: [
      ("postgresql://db.example/clinic", ["db.example"]),
      ("postgresql://a.example,b.example/clinic?sslmode=require", ["a.example", "b.example"]),
      ("host=10.0.0.7 sslmode=disable", ["10.0.0.7"]),
      ("postgresql://db.example/clinic?sslmode=verify-full", []),
      ("postgresql://db.example/clinic?sslmode=verify-ca", []),
      ("postgresql:///clinic?host=/run/postgresql", []), ("host=127.0.0.1", []),
      ("postgresql://[::1]:5433/clinic", []), ("host=localhost,db.example", ["db.example"]),
      ("dbname=clinic", [])
    ])
  func hosts(_ connectionString: String, _ expected: [String]) throws {
    #expect(
      try PostgresConfiguration.unverifiedHosts(connectionString, environment: [:]) == expected)
  }

  @Test("are found where the environment names them")
  func environment() throws {
    func hosts(_ environment: [String: String]) throws -> [String] {
      try PostgresConfiguration.unverifiedHosts("dbname=clinic", environment: environment)
    }
    #expect(try hosts(["PGHOST": "db.example"]) == ["db.example"])
    #expect(try hosts(["PGHOST": "db.example", "PGSSLMODE": "verify-full"]) == [])
  }
}
