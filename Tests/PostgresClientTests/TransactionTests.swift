import PostgresClient
import Testing

@Suite("Transactions")
struct TransactionTests {
  struct Refusal: Error {}

  @Test("commit what the body did, and roll back when it throws")
  func commitAndRollback() async throws {
    try await Fixture.withClient { client in
      try await client.query("create table t (n int)")
      let kept = try await client.withTransaction { transaction in
        try await transaction.execute("insert into t values (1), (2)")
      }
      #expect(kept == 2)
      await #expect(throws: Refusal.self) {
        try await client.withTransaction { transaction in
          try await transaction.execute("insert into t values (3)")
          throw Refusal()
        }
      }
      #expect(try await Self.count(client) == 2)
      // A body that does nothing sends nothing.
      let before = client.metrics.succeeded
      try await client.withTransaction { _ in }
      #expect(client.metrics.succeeded == before)
    }
  }

  @Test("the body runs again after real serialization failures", .timeLimit(.minutes(1)))
  func serializationRetry() async throws {
    try await Fixture.withClient(configure: { $0.leasedConnections = 8 }) { client in
      try await client.pipeline(["create table t (n int)", "insert into t values (0)"])
      let runs = Counter()
      let policy = PostgresRetryPolicy(attempts: 100)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<16 {
          group.addTask {
            try await client.withTransaction(isolation: .serializable, retry: policy) {
              transaction in
              runs.increment()
              let rows = try await transaction.query("select n from t")
              let n = try rows[0].decode(0, as: Int32.self)
              // Long enough for the others to have read the same.
              _ = try await transaction.query("select pg_sleep(0.02)")
              try await transaction.execute("update t set n = \(n + 1)")
            }
          }
        }
        try await group.waitForAll()
      }
      let rows = try await client.query("select n from t")
      #expect(try rows[0].decode(0, as: Int.self) == 16)
      #expect(runs.value > 16)
    }
  }

  @Test("without retries a serialization failure reaches the caller")
  func serializationFailure() async throws {
    try await Fixture.withClient { client in
      try await client.pipeline(["create table t (n int)", "insert into t values (0)"])
      let error = await #expect(throws: PostgresError.self) {
        try await client.withTransaction(isolation: .repeatableRead, retry: .never) { first in
          try await first.query("select n from t")
          try await client.query("update t set n = 5")
          try await first.execute("update t set n = 6")
        }
      }
      #expect(error?.sqlState == .serializationFailure)
    }
  }

  @Test("a deadlock's victim runs again", .timeLimit(.minutes(1)))
  func deadlock() async throws {
    try await Fixture.withClient { client in
      try await client.pipeline([
        "create table t (id int primary key, n int)", "insert into t values (1, 0), (2, 0)"
      ])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for order in [[1, 2], [2, 1]] {
          group.addTask {
            try await client.withTransaction { transaction in
              for id in order {
                try await transaction.execute("update t set n = n + 1 where id = \(id)")
                try await Task.sleep(for: .milliseconds(150))
              }
            }
          }
        }
        try await group.waitForAll()
      }
      let rows = try await client.query("select sum(n) from t")
      #expect(try rows[0].decode(0, as: Int.self) == 4)
    }
  }

  @Test("errors of BEGIN's prelude and of COMMIT are told apart from the body's")
  func stages() async throws {
    try await Fixture.withClient { client in
      try await client.pipeline([
        "create table t (n int unique deferrable initially deferred)",
        "insert into t values (1)"
      ])
      let begin = await #expect(throws: PostgresTransactionError.self) {
        try await client.withTransaction(prelude: ["select 1 / 0"]) { transaction in
          try await transaction.query("select 1")
        }
      }
      #expect(begin?.stage == .begin)
      let commit = await #expect(throws: PostgresTransactionError.self) {
        try await client.withTransaction { transaction in
          try await transaction.execute("insert into t values (1)")
        }
      }
      #expect(commit?.stage == .commit && commit?.isOutcomeUnknown == false)
      #expect(commit?.postgresError?.sqlState == .uniqueViolation)
      let swallowed = await #expect(throws: PostgresTransactionError.self) {
        try await client.withTransaction { transaction in
          _ = try? await transaction.query("select 1 / 0")
        }
      }
      #expect(swallowed?.stage == .commit)
      #expect(swallowed?.postgresError?.sqlState == .inFailedTransaction)
      #expect(try await Self.count(client) == 1)
    }
  }

  @Test("last statements and COMMIT go in one round trip")
  func commitAfter() async throws {
    try await Fixture.withClient { client in
      try await client.query("create table t (n int unique)")
      let rows = try await client.withTransaction { transaction in
        try await transaction.commit(after: [
          "insert into t values (1)", "insert into t values (2) returning n"
        ])
      }
      #expect(try rows[1][0].decode(0, as: Int.self) == 2)
      let error = await #expect(throws: PostgresError.self) {
        try await client.withTransaction { transaction in
          try await transaction.commit(after: [
            "insert into t values (3)", "insert into t values (1)"
          ])
        }
      }
      #expect(error?.sqlState == .uniqueViolation && error?.statementIndex == 1)
      let late = await #expect(throws: PostgresClientError.self) {
        try await client.withTransaction { transaction in
          try await transaction.commit()
          try await transaction.query("select 1")
        }
      }
      #expect(late?.code == .transactionFinished)
      #expect(try await Self.count(client) == 2)
    }
  }

  @Test("a savepoint undoes only its own part")
  func savepoints() async throws {
    try await Fixture.withClient { client in
      try await client.query("create table t (n int unique)")
      try await client.withTransaction { transaction in
        try await transaction.execute("insert into t values (1)")
        await #expect(throws: PostgresError.self) {
          try await transaction.savepoint { inner in
            try await inner.execute("insert into t values (2)")
            try await inner.execute("insert into t values (1)")
          }
        }
        try await transaction.savepoint { outer in
          try await outer.execute("insert into t values (3)")
          _ = try? await outer.savepoint { inner in
            try await inner.execute("insert into t values (4)")
            throw Refusal()
          }
        }
      }
      let rows = try await client.query("select array_agg(n order by n) from t")
      #expect(try rows[0].decode(0, as: [Int32].self) == [1, 3])
    }
  }

  @Test("a read-only transaction refuses to write")
  func readOnly() async throws {
    try await Fixture.withClient { client in
      try await client.query("create table t (n int)")
      let error = await #expect(throws: PostgresError.self) {
        try await client.withTransaction(access: .readOnly) { transaction in
          try await transaction.execute("insert into t values (1)")
        }
      }
      #expect(error?.sqlState == .readOnlyTransaction)
    }
  }

  @Test("statements sent at once by several tasks of the body stay behind BEGIN")
  func concurrentStatements() async throws {
    try await Fixture.withClient { client in
      try await client.query("create table t (n int)")
      await #expect(throws: Refusal.self) {
        try await client.withTransaction { transaction in
          try await withThrowingTaskGroup(of: Void.self) { group in
            for n in 0..<50 {
              group.addTask { try await transaction.execute("insert into t values (\(n))") }
            }
            try await group.waitForAll()
          }
          throw Refusal()
        }
      }
      #expect(try await Self.count(client) == 0)
    }
  }

  @Test("where its beginning never left, nothing runs as if it had", .timeLimit(.minutes(1)))
  func unsentBeginning() async throws {
    try await Fixture.withClient { client in
      try await client.query("create table outside (n int)")
      for _ in 0..<200 {
        let task = Task {
          try await client.withTransaction { transaction in
            while !Task.isCancelled { await Task.yield() }
            // A body that does not heed its cancellation.
            _ = try? await transaction.query("select 1")
            try await Task {
              try await transaction.query("insert into outside values (1)")
              try await transaction.query("select pg_sleep(1)")
            }.value
          }
        }
        task.cancel()
        _ = try? await task.value
      }
      let rows = try await client.query("select count(*) from outside")
      #expect(try rows[0].decode(0, as: Int.self) == 0)
    }
  }

  @Test("a deadline ends a transaction and frees its locks")
  func deadline() async throws {
    try await Fixture.withClient { client in
      try await client.pipeline(["create table t (n int)", "insert into t values (0)"])
      let error = await #expect(throws: PostgresClientError.self) {
        try await client.withTransaction(deadline: .now + .milliseconds(200)) { transaction in
          try await transaction.execute("update t set n = 1")
          try await transaction.query("select pg_sleep(65)")
        }
      }
      #expect(error?.code == .deadlineExceeded)
      try await client.query("update t set n = 2")
      let rows = try await client.query("select n from t")
      #expect(try rows[0].decode(0, as: Int.self) == 2)
    }
  }

  private static func count(_ client: PostgresClient) async throws -> Int {
    try await client.query("select count(*) from t")[0].decode(0, as: Int.self)
  }
}
