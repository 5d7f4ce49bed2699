import PostgresClient
import Testing

@Suite("SQL by interpolation")
struct SQLQueryTests {
  @Test("values become parameters, raw text and identifiers do not")
  func text() {
    let name = "x'; drop table t; --"
    let query: SQLQuery =
      "select \(identifier: "odd \"name\"") from t where a = \(name) and b = \(7) \(raw: "limit 1")"
    #expect(query.text == "select \"odd \"\"name\"\"\" from t where a = $1 and b = $2 limit 1")
    #expect(query.parameterCount == 2)
    #expect(!"\(query)".contains("drop table"))
  }

  @Test("queries compose and renumber their parameters")
  func composition() async throws {
    let filters: [SQLQuery] = ["n > \(10)", "n < \(20)", "n % \(2) = 0"]
    let filter = SQLQuery.joined(filters, separator: " and ")
    let query: SQLQuery = "select count(*) from generate_series(1, \(100)) n where \(filter)"
    #expect(
      query.text
        == "select count(*) from generate_series(1, $1) n where n > $2 and n < $3 and n % $4 = 0")
    let whole = query + " and n <> \(12)"
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database) { client in
      let rows = try await client.query(whole)
      #expect(try rows[0].decode(0, as: Int.self) == 3)
    }
  }

  @Test("statements are registered by name")
  func registry() {
    let statement = SQLStatement("test.registry", "select $1, $2")
    #expect(SQLStatement.registered.contains { $0 === statement })
    #expect(statement(1, "a").parameterCount == 2)
    #expect(statement(1, "a").text == "select $1, $2")
  }
}
