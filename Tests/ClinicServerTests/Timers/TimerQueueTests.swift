import Foundation
import Logging
import PostgresClient
import Synchronization
import Testing

@testable import ClinicServer

@Suite("Timers")
struct TimerQueueTests {
  @Test("are done when they are due, and leave the database alone in between")
  func rests() async throws {
    let server = try await ClinicTestServer.shared.running()
    let kind = "test \(UUID().uuidString.prefix(8))"
    _ = try await server.inspect(
      """
      insert into clinic.timers (company_id, kind, subject_id, fires_at)
      values (gen_random_uuid(), \(kind), gen_random_uuid(), now()),
        (gen_random_uuid(), \(kind), gen_random_uuid(), now() + interval '500 ms')
      """)
    let logger = Logger(label: "timers", factory: { _ in SwiftLogNoOpLogHandler() })
    let client = try PostgresClient(
      configuration: PostgresConfiguration(connectionString: server.application), logger: logger)
    try client.start()
    let queue = TimerQueue(database: Database(client: client, logger: logger), logger: logger)
    let done = Atomic(0)
    queue.handle(kind) { _, _ in done.add(1, ordering: .relaxed) }
    // Ends with the test.
    let running = Task { await queue.run() }
    while done.load(ordering: .relaxed) < 2 { try await Task.sleep(for: .milliseconds(20)) }
    // Both are claimed for half a minute: there is nothing to look at until then.
    try await Task.sleep(for: .milliseconds(200))
    let before = client.metrics.succeeded
    try await Task.sleep(for: .seconds(1))
    #expect(client.metrics.succeeded - before <= 2)
    running.cancel()
    await running.value
    await client.shutdown()
    _ = try await server.inspect("delete from clinic.timers where kind = \(kind)")
  }
}
