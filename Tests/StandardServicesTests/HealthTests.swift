import Logging
import ProtobufRuntime
import RPCCore
import StandardServices
import Synchronization
import Testing

@Suite("Health checks", .timeLimit(.minutes(1)))
struct HealthTests {
  private let status = ServingStatus(services: ["clinic.v1.PatientService"])
  private let context = CallContext(
    method: Health.Methods.watch, requestID: "1", deadline: .distantFuture,
    peer: PeerInfo(address: "test"),
    logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))

  private var handler: HealthHandler { HealthHandler(status: status) }

  @Test("tell the status of the server and of each service")
  func check() async throws {
    for service in ["", "clinic.v1.PatientService"] {
      let request = HealthCheckRequest(service: service)
      status.set(isServing: true)
      #expect(try await handler.check(request, context: context).status == .serving)
      status.set(isServing: false)
      #expect(try await handler.check(request, context: context).status == .notServing)
    }
    let all = try await handler.list(HealthListRequest(), context: context)
    #expect(Set(all.statuses.keys) == ["", "clinic.v1.PatientService"])
    #expect(all.statuses.values.allSatisfy { $0.status == .notServing })
  }

  @Test("do not know a service that is not there")
  func unknown() async throws {
    let error = await #expect(throws: RPCError.self) {
      try await handler.check(HealthCheckRequest(service: "no.Such"), context: context)
    }
    #expect(error?.code == .notFound)
  }

  @Test(
    "tell whoever watches of each change, and of the end",
    arguments: [("", [1, 2, 1, 2]), ("no.Such", [3])])
  func watch(service: String, expected: [Int32]) async throws {
    let replies = Replies()
    async let watching: Void = handler.watch(
      HealthCheckRequest(service: service), responses: ResponseWriter(sink: replies),
      context: context)
    var seen = 1
    for isServing in [false, true] {
      // Only the newest status waits for a slow watcher.
      if service.isEmpty { await replies.waitUntil(count: seen) }
      status.set(isServing: isServing)
      seen += 1
    }
    if service.isEmpty { await replies.waitUntil(count: seen) }
    status.end()
    try await watching
    #expect(replies.all == expected)
  }

  @Test("stay as they are once the server has ended")
  func ended() async throws {
    status.end()
    status.set(isServing: true)
    #expect(!status.isServing)
    let replies = Replies()
    try await handler.watch(
      HealthCheckRequest(), responses: ResponseWriter(sink: replies), context: context)
    #expect(replies.all == [2])
  }
}

/// Keeps the statuses that a handler sends.
private final class Replies: MessageSink {
  private let statuses = Mutex<[Int32]>([])

  var all: [Int32] { statuses.withLock { $0 } }

  func waitUntil(count: Int) async {
    while all.count < count { await Task.yield() }
  }

  func send<M: Message>(_ message: M) async throws {
    guard let reply = message as? HealthCheckResponse else { return }
    statuses.withLock { $0.append(reply.status.rawValue) }
  }

  func finish() {}
}
