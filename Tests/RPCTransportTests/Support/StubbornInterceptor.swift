import RPCCore
import Synchronization

/// Holds calls back, cancelled or not, until a test lets them go.
final class StubbornInterceptor: ServerInterceptor {
  private let isReleased = Mutex(false)

  func release() { isReleased.withLock { $0 = true } }

  func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    while !isReleased.withLock({ $0 }) {
      // A sleep would notice the cancellation.
      await Task.yield()
    }
    try await next(context)
  }
}
