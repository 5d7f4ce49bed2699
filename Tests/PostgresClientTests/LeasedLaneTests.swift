import Synchronization
import Testing

@testable import PostgresClient

@Suite("Leased lane")
struct LeasedLaneTests {
  @Test("callers beyond the limit wait their turn and then get a connection")
  func waiting() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database, configure: { $0.leasedConnections = 3 }) { client in
      let processes = try await withThrowingTaskGroup(of: Int32.self) { group in
        for _ in 0..<60 {
          group.addTask {
            try await client.withConnection { connection in
              let rows = try await connection.query("select pg_backend_pid(), pg_sleep(0.005)")
              return try rows[0].decode(0, as: Int32.self)
            }
          }
        }
        return try await group.reduce(into: Set<Int32>()) { $0.insert($1) }
      }
      #expect((1...3).contains(processes.count))
      try await Fixture.eventually { client.metrics.leasedInUse == 0 }
      #expect(client.metrics.leasedIdle == processes.count)
    }
  }

  @Test("waiting ends with a timeout, a full waiting room refuses at once")
  func exhaustion() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    let configure: (inout PostgresConfiguration) -> Void = {
      $0.leasedConnections = 1
      $0.leaseWaiters = 1
      $0.leaseTimeout = .seconds(2)
    }
    try await Fixture.withClient(database, configure: configure) { client in
      try await client.withConnection { connection in
        try await connection.query("select 1")
        let waiting = Task { try await client.withConnection { _ in } }
        try await Fixture.eventually { client.metrics.leaseWaiters == 1 }
        let refused = await #expect(throws: PostgresClientError.self) {
          try await client.withConnection { _ in }
        }
        #expect(refused?.code == .overloaded)
        let late = await #expect(throws: PostgresClientError.self) { try await waiting.value }
        #expect(late?.code == .poolTimeout)
      }
      try await client.withConnection { _ = try await $0.query("select 1") }
    }
  }

  @Test("a waiting caller whose task is cancelled leaves the line")
  func cancelledWaiter() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database, configure: { $0.leasedConnections = 1 }) { client in
      try await client.withConnection { connection in
        try await connection.query("select 1")
        let waiter = Task { try await client.withConnection { _ in } }
        try await Fixture.eventually { client.metrics.leaseWaiters == 1 }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
      }
      try await client.withConnection { _ = try await $0.query("select 1") }
    }
  }

  @Test(
    "a task that is cancelled already is answered, whichever of its words comes first",
    .timeLimit(.minutes(1)))
  func cancelledBefore() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database) { client in
      try await client.withConnection { _ = try await $0.query("select 1") }
      for round in 0..<2_000 {
        let task = Task {
          while !Task.isCancelled { await Task.yield() }
          if round.isMultiple(of: 2) {
            try await client.withConnection { _ = try await $0.query("select pg_sleep(64)") }
          } else {
            try await client.withTransaction { _ = try await $0.query("select pg_sleep(64)") }
          }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
      }
      #expect(client.metrics.leasedInUse == 0)
    }
  }

  @Test("a request's cancellation that overtakes it is no answer yet")
  func overtakingCancellation() throws {
    let configuration = PostgresConfiguration(connectionString: "host=/nowhere")
    let worker = IOWorker(
      loop: try IOLoop(configuration: configuration, logger: Fixture.quiet),
      connector: try Connector(parameters: configuration.parameters(), timeout: .seconds(1)),
      canceller: try CancelWorker())
    let request = LeaseRequest(deadline: .distantFuture, tenant: nil)
    request.isCancelled.store(true, ordering: .relaxed)
    worker.cancel(request)
    #expect(!request.isFinished && worker.finishedLeases.isEmpty)
    worker.acquire(request)
    #expect(request.isFinished && worker.finishedLeases.count == 1)
  }

  @Test("a connection used after its closure is refused")
  func useAfterEnd() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database) { client in
      let escaped = try await client.withConnection { connection in connection }
      let error = await #expect(throws: PostgresClientError.self) {
        try await escaped.query("select 1")
      }
      #expect(error?.code == .leaseEnded)
      let transaction = try await client.withTransaction { transaction in transaction }
      await #expect(throws: PostgresClientError.self) { try await transaction.query("select 1") }
    }
  }

  @Test("an open transaction that was left behind is rolled back before the next lease")
  func leftOpen() async throws {
    try await Fixture.withClient(configure: { $0.leasedConnections = 1 }) { client in
      try await client.query("create table t (n int)")
      for failing in [false, true] {
        try await client.withConnection { connection in
          try await connection.query("begin")
          try await connection.query("insert into t values (1)")
          if failing { _ = try? await connection.query("select 1 / 0") }
        }
        let count = try await client.withConnection { connection in
          try await connection.query("select count(*) from t")[0].decode(0, as: Int.self)
        }
        #expect(count == 0)
      }
      #expect(client.metrics.connectionsLost == 0)
    }
  }

  @Test("cancelling the task cancels the statement and keeps the connection")
  func cancellation() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    try await Fixture.withClient(database, configure: { $0.leasedConnections = 1 }) { client in
      let task = Task {
        try await client.withTransaction { try await $0.query("select pg_sleep(64)") }
      }
      try await Fixture.eventually { try await Fixture.running("%pg_sleep(64)%", client) == 1 }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      try await client.withConnection { connection in
        #expect(try await Fixture.running("%pg_sleep(64)%", client) == 0)
        try await connection.query("select 1")
      }
      #expect(client.metrics.connectionsLost == 0 && client.metrics.cancelRequests == 1)
    }
  }

  @Test("a script runs all of its statements or none")
  func scripts() async throws {
    try await Fixture.withClient { client in
      try await client.withConnection { connection in
        try await connection.executeScript("create table t (n int); insert into t values (1), (2);")
        let error = await #expect(throws: PostgresError.self) {
          try await connection.executeScript("insert into t values (3); select 1 / 0; select 2")
        }
        #expect(error?.sqlState.classCode == "22")
        let count = try await connection.query("select count(*) from t")
        #expect(try count[0].decode(0, as: Int.self) == 2)
      }
    }
  }

  @Test("connections that nobody uses are closed")
  func idleConnections() async throws {
    let database = try await SharedDatabase.plain.connectionString()
    let configure: (inout PostgresConfiguration) -> Void = { $0.idleTimeout = .milliseconds(50) }
    try await Fixture.withClient(database, configure: configure) { client in
      try await client.withConnection { _ = try await $0.query("select 1") }
      try await Fixture.eventually { client.metrics.leasedIdle == 0 }
      try await client.withConnection { _ = try await $0.query("select 1") }
    }
  }
}
