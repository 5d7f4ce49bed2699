import RPCCore
import Synchronization

/// Notes who each call's connection belongs to.
final class IdentityRecorder: ServerInterceptor {
  private let noted = Mutex<[TLSIdentity?]>([])

  var identities: [TLSIdentity?] { noted.withLock { $0 } }

  func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    noted.withLock { $0.append(context.peer.tlsIdentity) }
    try await next(context)
  }
}
