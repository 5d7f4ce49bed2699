import ClinicContracts
import Foundation
import Logging
import PostgresClient
import RPCCore
import Synchronization
import Testing

@testable import ClinicServer

@Suite("Timers")
struct TimerQueueTests {
  /// A server's queue for timers of a test's own, over connections of its own.
  private final class Bench: Sendable {
    let server: ClinicTestServer.Running
    let client: PostgresClient
    let database: Database
    let queue: TimerQueue
    let kind: TimerKind

    init(
      _ server: ClinicTestServer.Running, kind: String, longestSleep: Duration = .milliseconds(100)
    ) throws {
      self.server = server
      self.kind = TimerKind(name: kind)
      let logger = Logger(label: "timers", factory: { _ in SwiftLogNoOpLogHandler() })
      client = try PostgresClient(
        configuration: PostgresConfiguration(connectionString: server.application), logger: logger)
      try client.start()
      database = Database(client: client, logger: logger)
      queue = TimerQueue(database: database, longestSleep: longestSleep, logger: logger)
    }

    /// Sets timers behind the queue's back.
    func insert(_ count: Int, company: UUID = UUID(), in seconds: Double = 0) async throws {
      _ = try await server.inspect(
        """
        insert into clinic.timers (company_id, kind, subject_id, fires_at)
        select \(company), \(kind.name), gen_random_uuid(), now() + \(seconds) * interval '1 second'
        from generate_series(1, \(Int64(count)))
        """)
    }

    func running<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
      // Ends with the test.
      let task = Task { await queue.run() }
      do {
        let result = try await body()
        try await end(task)
        return result
      } catch {
        try await end(task)
        throw error
      }
    }

    private func end(_ task: Task<Void, Never>) async throws {
      task.cancel()
      await task.value
      await client.shutdown()
      _ = try await server.inspect("delete from clinic.timers where kind = \(kind.name)")
    }
  }

  private func uniqueKind() -> String { "test \(UUID().uuidString.prefix(8))" }

  @Test("are done when they are due, and leave the database alone in between")
  func rests() async throws {
    let bench = try Bench(
      try await ClinicTestServer.shared.running(), kind: uniqueKind(),
      longestSleep: TimerQueue.longestSleep)
    try await bench.insert(1)
    try await bench.insert(1, in: 0.5)
    let done = Atomic(0)
    bench.queue.handle(bench.kind) { _ in done.add(1, ordering: .relaxed) }
    try await bench.running {
      while done.load(ordering: .relaxed) < 2 { try await Task.sleep(for: .milliseconds(20)) }
      // Both are claimed for half a minute: there is nothing to look at until then.
      try await Task.sleep(for: .milliseconds(200))
      let before = bench.client.metrics.succeeded
      try await Task.sleep(for: .seconds(1))
      #expect(bench.client.metrics.succeeded - before <= 2)
    }
  }

  @Test("wake the server whose change set them, with the commit")
  func wakes() async throws {
    let bench = try Bench(
      try await ClinicTestServer.shared.running(), kind: uniqueKind(), longestSleep: .seconds(3_600)
    )
    let company = try requireValue(UUID(text: try await TestClinic.make().company.companyID))
    let (done, report) = AsyncStream.makeStream(of: UUID.self)
    bench.queue.handle(bench.kind) { report.yield($0.subjectID) }
    let subject = UUID()
    let kind = bench.kind
    try await bench.running {
      // Asleep for an hour: there was nothing to do.
      try await Task.sleep(for: .milliseconds(200))
      try await SystemActor.change(in: company, of: bench.database) { mutation in
        mutation.setTimer(kind, of: subject, to: mutation.now.advanced(by: .milliseconds(100)))
      }
      #expect(await done.first { _ in true } == subject)
    }
  }

  @Test("are taken out by the transaction that does what is due, once by however many servers")
  func once() async throws {
    let server = try await ClinicTestServer.shared.running()
    let company = try requireValue(UUID(text: try await TestClinic.make().company.companyID))
    let kind = uniqueKind()
    let benches = try (0..<3).map { _ in try Bench(server, kind: kind) }
    let done = Mutex<[UUID: Int]>([:])
    for (number, bench) in benches.enumerated() {
      bench.queue.handle(bench.kind, width: 8) { timer in
        let isOurs = try await SystemActor.change(in: company, of: bench.database) { mutation in
          guard try await timer.take(by: mutation) else { return false }
          // Of what the first server has begun, some comes to nothing.
          if number == 0, Int.random(in: 0..<2) == 0 { throw RPCError.internal() }
          try await Task.sleep(for: .milliseconds(5))
          return true
        }
        if isOurs { done.withLock { $0[timer.subjectID, default: 0] += 1 } }
      }
    }
    try await benches[0].insert(120, company: company)
    try await benches[0].running {
      try await benches[1].running {
        try await benches[2].running {
          _ = try await eventually { () -> Bool? in
            let left = try await server.inspect(
              "select count(*) from clinic.timers where kind = \(kind)")
            return try left[0].decode(0, as: Int64.self) == 0 ? true : nil
          }
        }
      }
    }
    #expect(done.withLock { $0.count } == 120)
    #expect(done.withLock { $0.values.allSatisfy { $0 == 1 } })
  }

  @Test("are put off where they fail, longer each time, until the timer is set anew")
  func backsOff() async throws {
    let server = try await ClinicTestServer.shared.running()
    let company = UUID()
    let bench = try Bench(server, kind: uniqueKind())
    try await bench.insert(1, company: company)
    bench.queue.handle(bench.kind) { _ in throw RPCError.internal() }
    let kind = bench.kind.name
    try await bench.running {
      _ = try await eventually { () -> Bool? in
        let rows = try await server.inspect(
          "select attempts from clinic.timers where kind = \(kind)")
        return try rows[0].decode(0, as: Int16.self) >= 2 ? true : nil
      }
    }
    let pauses = try await pauses(server)
    #expect(Array(pauses.prefix(10)) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300])
    #expect(pauses.allSatisfy { $0 <= 300 } && pauses.last == 300)
  }

  /// The seconds that a timer is put off by one failure after another.
  private func pauses(_ server: ClinicTestServer.Running) async throws -> [Double] {
    var configuration = PostgresConfiguration(connectionString: server.superuser)
    configuration.sharedConnections = 0
    configuration.leasedConnections = 1
    let client = try PostgresClient(
      configuration: configuration,
      logger: Logger(label: "timers", factory: { _ in SwiftLogNoOpLogHandler() }))
    try client.start()
    let (company, subject, kind) = (UUID(), UUID(), uniqueKind())
    let pauses = try await client.withTransaction { transaction in
      var pauses: [Double] = []
      _ = try await transaction.query(TenancyStatements.enter(company))
      _ = try await transaction.query(
        TimerStatements.set(company, kind, subject, PostgresTimestamp.negativeInfinity))
      for _ in 0..<40 {
        _ = try await transaction.query(TimerStatements.postpone(company, kind, subject))
        let rows = try await transaction.query(
          """
          select extract(epoch from fires_at - now())::float8 from clinic.timers
          where kind = \(kind)
          """)
        pauses.append(try rows[0].decode(0))
        // Its time comes.
        _ = try await transaction.query(
          "update clinic.timers set fires_at = now() where kind = \(kind)")
      }
      _ = try await transaction.query("delete from clinic.timers where kind = \(kind)")
      return pauses
    }
    await client.shutdown()
    return pauses
  }

  @Test("give clinics turns, and none more than its share at once")
  func shares() async throws {
    let server = try await ClinicTestServer.shared.running()
    let bench = try Bench(server, kind: uniqueKind())
    let (busy, modest) = (UUID(), UUID())
    try await bench.insert(40, company: busy)
    try await bench.insert(1, company: modest)
    let (started, report) = AsyncStream.makeStream(of: UUID.self)
    let running = Mutex<[UUID: (now: Int, most: Int)]>([:])
    let database = bench.database
    bench.queue.handle(bench.kind, width: 6, share: 2) { timer in
      running.withLock {
        let now = ($0[timer.companyID]?.now ?? 0) + 1
        $0[timer.companyID] = (now, max(now, $0[timer.companyID]?.most ?? 0))
      }
      report.yield(timer.companyID)
      try await Task.sleep(for: .milliseconds(20))
      running.withLock { $0[timer.companyID]?.now -= 1 }
      _ = try await database.client.pipeline([
        TenancyStatements.enter(timer.companyID),
        TimerStatements.take(timer.companyID, timer.kind.name, timer.subjectID)
      ])
    }
    try await bench.running {
      var order: [UUID] = []
      for await company in started {
        order.append(company)
        if order.count == 41 { break }
      }
      #expect(order.prefix(3).contains(modest))
      #expect(running.withLock { $0[busy]?.most } == 2)
    }
  }

  @Test(
    "are out of reach of other clinics",
    arguments: [TimerStatements.take, TimerStatements.postpone])
  func tenancy(_ statement: SQLStatement) async throws {
    let bench = try Bench(try await ClinicTestServer.shared.running(), kind: uniqueKind())
    try await bench.running {
      let error = await #expect(throws: PostgresError.self) {
        try await bench.client.pipeline([
          TenancyStatements.enter(UUID()), statement(UUID(), bench.kind.name, UUID())
        ])
      }
      #expect(error?.sqlState == .insufficientPrivilege)
    }
  }
}
