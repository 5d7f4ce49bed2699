import Foundation
import PostgresClient
import Testing

@Suite("Row streams", .serialized)
struct StreamingTests {
  @Test("a hundred thousand rows pass in order, and are made no sooner than they are wanted")
  func boundedMemory() async throws {
    try await Fixture.withClient { client in
      try await client.query("create sequence made")
      var expected = 0
      try await client.withTransaction { transaction in
        // Two hundred megabytes in all.
        let rows = transaction.stream(
          "select nextval('made'), repeat('x', 2000) from generate_series(1, 100000)",
          chunkBytes: 262_144)
        for try await row in rows {
          let (n, text) = try row.decode(Int.self, String.self)
          expected += 1
          #expect(n == expected && text.utf8.count == 2_000)
          guard n % 10_000 == 0 else { continue }
          let made = try await client.query("select last_value from made")[0].decode(
            0, as: Int.self)
          #expect(made - n < 1_000, "\(made) rows for a reader of \(n)")
        }
      }
      #expect(expected == 100_000)
    }
  }

  @Test("other statements may run between two rows, and reading may stop early")
  func interleaved() async throws {
    try await Fixture.withClient(configure: { $0.leasedConnections = 1 }) { client in
      try await client.query("create table t (n int)")
      try await client.withTransaction { transaction in
        var count = 0
        for try await row in transaction.stream("select generate_series(1, 1000000)") {
          let n = try row.decode(0, as: Int32.self)
          try await transaction.execute("insert into t values (\(n))")
          count += 1
          if count == 100 { break }
        }
        for try await _ in transaction.stream("select 1 where false") { count += 1 }
        #expect(count == 100)
      }
      let rows = try await client.query("select count(*) from t")
      #expect(try rows[0].decode(0, as: Int.self) == 100)
    }
  }

  @Test("rows larger than a chunk come one by one")
  func largeRows() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database) { client in
      let sizes = try await client.withTransaction { transaction in
        var sizes: [Int] = []
        let statement = SQLStatement(
          "test.large", "select repeat('y', n * $1) from generate_series(1, 60) n")
        for try await row in transaction.stream(statement(Int32(20_000)), chunkBytes: 65_536) {
          sizes.append(row.withBytes(0) { $0?.count ?? -1 })
        }
        return sizes
      }
      #expect(sizes == (1...60).map { $0 * 20_000 })
    }
  }

  @Test("an error in the middle of a stream is thrown to the reader")
  func errorInTheMiddle() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database) { client in
      let error = await #expect(throws: PostgresError.self) {
        try await client.withTransaction { transaction in
          let query: SQLQuery = "select 1 / (500 - n) from generate_series(1, 1000) n"
          for try await _ in transaction.stream(query) {}
        }
      }
      #expect(error?.sqlState.rawValue == "22012")
    }
  }
}
