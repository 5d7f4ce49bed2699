import PostgresClient
import TestSupport
import Testing

@Suite("Migrator")
struct MigratorTests {
  static func steps(_ count: Int) throws -> [Migration] {
    try (1...count).map { number in
      try Migration(
        fileName: "\(String(repeating: "0", count: 4 - "\(number)".count))\(number)_step.sql",
        contents: """
          create table t\(number) (n int);
          insert into t\(number) values (\(number));
          do $$ begin perform pg_sleep(0.01); end $$;
          """)
    }
  }

  @Test("applies what is missing, once, and knows where it stands")
  func applies() async throws {
    try await Fixture.withClient { client in
      let first = try Migrator(Self.steps(3))
      #expect(try await first.status(client).pending.map(\.number) == [1, 2, 3])
      await #expect(throws: MigrationError.self) { try await first.verify(client) }
      #expect(try await first.migrate(client).map(\.number) == [1, 2, 3])
      #expect(try await first.migrate(client).isEmpty)
      try await first.verify(client)
      let second = try Migrator(Self.steps(5))
      #expect(try await second.migrate(client).map(\.number) == [4, 5])
      #expect(try await first.status(client).unknown == [4, 5])
      try await first.verify(client)
      let rows = try await client.query("select n from t5")
      #expect(rows.count == 1)
    }
  }

  @Test("servers that migrate at once apply each step once")
  func concurrent() async throws {
    let database = try await TestPostgres.shared.makeDatabase("migrate")
    let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<4 {
        group.addTask {
          try await Fixture.withClient(database) { client in
            try await Migrator(Self.steps(8)).migrate(client).map(\.number)
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(applied.sorted() == Array(1...8))
  }

  @Test("refuses edited steps and steps that come too late")
  func refuses() async throws {
    try await Fixture.withClient { client in
      let steps = try Self.steps(3)
      try await Migrator([steps[0], steps[2]]).migrate(client)
      var edited = steps[0]
      edited.sql += "\n-- harmless"
      for migrations in [[edited, steps[2]], steps] {
        let migrator = try Migrator(migrations)
        await #expect(throws: MigrationError.self) { try await migrator.migrate(client) }
        await #expect(throws: MigrationError.self) { try await migrator.verify(client) }
      }
      #expect(try await Migrator(steps).status(client).outOfOrder == [2])
      #expect(throws: MigrationError.self) { try Migrator([steps[0], steps[0]]) }
    }
  }

  @Test("a failing step leaves nothing behind and names itself")
  func failing() async throws {
    try await Fixture.withClient { client in
      let migrator = try Migrator([
        Migration(number: 1, name: "good", sql: "create table good (n int)"),
        Migration(number: 2, name: "bad", sql: "create table bad (n int); select nonsense;")
      ])
      let error = await #expect(throws: MigrationError.self) { try await migrator.migrate(client) }
      guard case .failed(number: 2, name: "bad", let cause) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(cause.sqlState == .undefinedColumn)
      let status = try await migrator.status(client)
      #expect(status.applied.map(\.number) == [1] && status.pending.map(\.number) == [2])
      let rows = try await client.query("select to_regclass('bad') is null")
      #expect(try rows[0].decode(0, as: Bool.self))
    }
  }

  @Test(
    "file names must begin with a number",
    arguments: ["step.sql", "0001.sql", "0001_step.txt", "x_1.sql", "0_zero.sql", "-1_minus.sql"])
  func fileNames(_ name: String) {
    #expect(throws: MigrationError.self) { try Migration(fileName: name, contents: "") }
  }
}
