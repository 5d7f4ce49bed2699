import FixtureContracts
import RPCCore
import Synchronization

@testable import RPCTransport

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

  func requestIDs(of method: String) -> [String] {
    calls.withLock { $0.filter { $0.name == method }.map(\.requestID) }
  }

  func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    let count = calls.withLock { calls in
      calls.append((context.method.name, context.requestID))
      return calls.count { $0.name == context.method.name }
    }
    if ["Ping", "Mutate"].contains(context.method.name), count < 3 {
      throw RPCError.unavailable("not yet", retryAfter: .milliseconds(5))
    }
    try await next(context)
  }

  /// Serves for as long as a closure.
  func run(_ body: (Int) async throws -> Void) async throws {
    var router = Router(interceptors: [self])
    router.register(EchoHandler())
    router.unary(Self.mutation) {
      (request: EchoRequest, _: CallContext) in EchoResponse(text: request.text)
    }
    let server = RPCServer(
      router: router, security: .plaintext, group: TestServer.group, logger: TestServer.logger)
    let port = try await TestServer.listen(server)
    try await body(port)
    await server.drain()
  }
}
