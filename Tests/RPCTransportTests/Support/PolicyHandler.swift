public import FixtureContracts
public import RPCCore
import Synchronization

@testable import RPCTransport

extension EchoRequest: MutationRequest {
  public var validateOnly: Bool { false }
}

/// A server of methods with policies that is unavailable twice before it serves.
final class PolicyHandler: ServerInterceptor {
  /// A method that takes effect once per request id.
  static let mutation = MethodDescriptor(
    service: "fixture.v1.MutationService", name: "Mutate", kind: .unary,
    policy: MethodPolicy(
      permissions: [], audience: .everybody, audit: .none, idempotency: .requestID,
      maxDeadline: .seconds(3600)),
    requestType: EchoRequest.self, responseType: EchoResponse.self)

  private let calls = Mutex<[(name: String, requestID: String)]>([])

  func count(of method: String) -> Int { calls.withLock { $0.count { $0.name == method } } }

  /// The ids of the requests, not of the calls.
  func requestIDs(of method: String) -> [String] {
    calls.withLock { $0.filter { $0.name == method }.map(\.requestID) }
  }

  func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    if context.method.name != "Mutate" {
      let count = note(context.method.name)
      if context.method.name == "Ping", count < 3 { throw Self.notYet }
    }
    try await next(context)
  }

  private static let notYet = RPCError.unavailable("not yet", retryAfter: .milliseconds(5))

  private func note(_ method: String, requestID: String = "") -> Int {
    calls.withLock { calls in
      calls.append((method, requestID))
      return calls.count { $0.name == method }
    }
  }

  /// Serves for as long as a closure.
  func run(_ body: (Int) async throws -> Void) async throws {
    var router = Router(interceptors: [self])
    router.register(EchoHandler())
    router.unary(Self.mutation) {
      (request: EchoRequest, _: CallContext) in
      guard self.note("Mutate", requestID: request.requestID) >= 3 else { throw Self.notYet }
      return EchoResponse(text: request.text)
    }
    let server = RPCServer(
      router: router, security: .plaintext, group: TestServer.group, logger: TestServer.logger)
    let port = try await TestServer.listen(server)
    try await body(port)
    await server.drain()
  }
}
