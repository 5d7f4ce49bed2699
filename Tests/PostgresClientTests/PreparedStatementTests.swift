import PostgresClient
import Testing

@Suite("Prepared statements")
struct PreparedStatementTests {
  static let select = SQLStatement("test.prepared", "select * from t where n = $1")

  @Test("survive changes of the table's columns")
  func tableChanges() async throws {
    try await Fixture.withClient(configure: { $0.sharedConnections = 1 }) { client in
      try await client.pipeline(["create table t (n int)", "insert into t values (1)"])
      for width in 1...6 {
        let rows = try await client.query(Self.select(Int32(1)))
        #expect(rows.columnCount == width)
        try await client.query("alter table t add column \(raw: "c\(width)") text default 'x'")
      }
      #expect(client.metrics.rerun == 5)
      // The same on a leased connection outside of a transaction.
      try await client.withConnection { connection in
        #expect(try await connection.query(Self.select(Int32(1))).columnCount == 7)
        try await connection.query("alter table t drop column c1")
        #expect(try await connection.query(Self.select(Int32(1))).columnCount == 6)
      }
    }
  }

  @Test("a transaction whose plan became stale runs again")
  func staleInTransaction() async throws {
    try await Fixture.withClient(configure: { $0.leasedConnections = 1 }) { client in
      try await client.pipeline(["create table t (n int)", "insert into t values (1)"])
      var runs = 0
      for round in 0..<3 {
        let width = try await client.withTransaction { transaction in
          runs += 1
          return try await transaction.query(Self.select(Int32(1))).columnCount
        }
        #expect(width == round + 1)
        try await client.query("alter table t add column \(raw: "c\(round)") int")
      }
      #expect(runs == 5)
    }
  }

  @Test("come back after the server forgot them")
  func discarded() async throws {
    try await Fixture.withClient(configure: { $0.sharedConnections = 1 }) { client in
      try await client.query("create table t (n int)")
      for _ in 0..<3 {
        try await client.query(Self.select(Int32(1)))
        try await client.query("deallocate all")
      }
      #expect(client.metrics.rerun >= 2)
    }
  }

  @Test("a statement that cannot be prepared fails in every batch that uses it, and only there")
  func failingPrepare() async throws {
    try await Fixture.withClient(configure: { $0.sharedConnections = 1 }) { client in
      let missing = SQLStatement("test.missing", "select n from not_there where n = $1")
      try await client.waitUntilAvailable()
      await withTaskGroup(of: Void.self) { group in
        for n in 0..<60 {
          group.addTask {
            if n % 2 == 0 {
              let error = await #expect(throws: PostgresError.self) {
                try await client.query(missing(Int32(n)))
              }
              #expect(error?.sqlState == .undefinedTable)
            } else {
              let value = try? await client.query("select \(n)")[0].decode(0, as: Int.self)
              #expect(value == n)
            }
          }
        }
      }
      // It works as soon as the table is there.
      try await client.query("create table not_there (n int)")
      let rows = try await client.query(missing(Int32(1)))
      #expect(rows.isEmpty)
    }
  }

  @Test("the cap holds on the server, and evicted statements are deallocated")
  func eviction() async throws {
    let configure: (inout PostgresConfiguration) -> Void = {
      $0.sharedConnections = 1
      $0.preparedStatements = 16
    }
    try await Fixture.withClient(configure: configure) { client in
      for round in 0..<2 {
        for n in 0..<60 {
          let query: SQLQuery = "select \(raw: "\(n)") + \(round)"
          let value = try await client.query(query)[0].decode(0, as: Int.self)
          #expect(value == n + round)
        }
      }
      let rows = try await client.query("select count(*) from pg_prepared_statements")
      #expect(try rows[0].decode(0, as: Int.self) <= 17)
    }
  }

  @Test("the same text with other parameter types is another statement")
  func parameterTypes() async throws {
    let identity = SQLStatement("test.identity", "select $1")
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database, configure: { $0.sharedConnections = 1 }) { client in
      for _ in 0..<2 {
        #expect(try await client.query(identity("a"))[0].decode(0, as: String.self) == "a")
        #expect(try await client.query(identity(7))[0].decode(0, as: Int.self) == 7)
        let none = try await client.query(identity(Bool?.none))
        #expect(try none[0].decode(0, as: Bool?.self) == nil)
      }
    }
  }
}
