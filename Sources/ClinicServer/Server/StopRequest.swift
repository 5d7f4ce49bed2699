internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

/// Stops the server on a signal, from its first step on: what is not serving yet is broken off, so
/// that no database is left running; what serves drains, and a second signal breaks that off too.
final class StopRequest: Sendable {
  private struct State {
    var services: ServiceGroup?
    var isDraining = false
  }

  private enum Part {
    case body
    case signals
  }

  private let state = Mutex(State())

  /// Names what is to drain from now on.
  func drains(_ services: ServiceGroup) {
    state.withLock { $0.services = services }
  }

  /// Runs the server; a signal that breaks it off ends it without an error.
  func heeding(_ signals: [UnixSignal], _ body: @escaping @Sendable () async throws -> Void)
    async throws
  {
    guard !signals.isEmpty else { return try await body() }
    let sequence = await UnixSignalsSequence(trapping: signals)
    try await withThrowingTaskGroup(of: Part.self) { group in
      group.addTask {
        try await body()
        return .body
      }
      group.addTask {
        for await _ in sequence where await !self.drain() { break }
        return .signals
      }
      let first = try await group.next()
      group.cancelAll()
      guard case .signals = first else { return }
      do {
        try await group.waitForAll()
      } catch {
        // Broken off as told: what it broke off with is no reason of its own.
      }
    }
  }

  /// Begins to drain; false where nothing serves yet, or it drains already.
  private func drain() async -> Bool {
    let services = state.withLock { state -> ServiceGroup? in
      guard !state.isDraining, let services = state.services else { return nil }
      state.isDraining = true
      return services
    }
    await services?.triggerGracefulShutdown()
    return services != nil
  }
}
