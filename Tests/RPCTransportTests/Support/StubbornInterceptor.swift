import RPCCore
import Synchronization

/// Holds calls back, cancelled or not, until a test lets them go.
final class StubbornInterceptor: ServerInterceptor {
  private struct State {
    var isReleased = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// Lets all calls go, and all that follow.
  func release() {
    let waiting = state.withLock { state in
      state.isReleased = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    await withCheckedContinuation { continuation in
      let isReleased = state.withLock { state in
        if !state.isReleased { state.waiting.append(continuation) }
        return state.isReleased
      }
      if isReleased { continuation.resume() }
    }
    try await next(context)
  }
}
