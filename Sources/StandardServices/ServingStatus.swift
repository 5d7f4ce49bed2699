internal import Synchronization

/// Whether a server and its services take calls, for health checks: all of them or none.
public final class ServingStatus: Sendable {
  private struct State {
    var isServing: Bool
    var hasEnded = false
    var watchers: [Int: AsyncStream<Bool>.Continuation] = [:]
    var watcherCount = 0
  }

  /// The full names of the services.
  public let services: [String]
  private let state: Mutex<State>

  /// Makes the status of these services.
  public init(services: [String], isServing: Bool = true) {
    self.services = services
    state = Mutex(State(isServing: isServing))
  }

  /// Whether calls are taken.
  public var isServing: Bool { state.withLock { $0.isServing } }

  /// Says whether calls are taken. After ``end()`` they never are.
  public func set(isServing: Bool) {
    state.withLock { state in
      guard !state.hasEnded, state.isServing != isServing else { return }
      state.isServing = isServing
      for watcher in state.watchers.values { watcher.yield(isServing) }
    }
  }

  /// The server stops: calls are not taken, and those that watch are told so and end.
  public func end() {
    let watchers = state.withLock { state in
      state.isServing = false
      state.hasEnded = true
      defer { state.watchers = [:] }
      return Array(state.watchers.values)
    }
    for watcher in watchers {
      watcher.yield(false)
      watcher.finish()
    }
  }

  /// The status now and after each change, until the server stops.
  func changes() -> AsyncStream<Bool> {
    let (stream, continuation) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let id: Int? = state.withLock { state in
      continuation.yield(state.isServing)
      guard !state.hasEnded else { return nil }
      state.watcherCount += 1
      state.watchers[state.watcherCount] = continuation
      return state.watcherCount
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      _ = self?.state.withLock { $0.watchers.removeValue(forKey: id) }
    }
    return stream
  }
}
