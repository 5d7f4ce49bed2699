internal import RPCCore
internal import Synchronization

/// A sleep that others can cut short.
final class Alarm: Sendable {
  private struct State {
    /// The first moment that was asked for since the last sleep began.
    var first: Deadline?
    /// Ends the sleep that is under way.
    var sleep: (until: Deadline, AsyncStream<Void>.Continuation)?
  }

  private let state = Mutex(State())

  /// Has the sleeper look at its work before a moment; now, unless it says.
  func ring(by moment: Deadline = .now) {
    let wake = state.withLock { state in
      state.first = min(state.first ?? moment, moment)
      return state.sleep.flatMap { moment < $0.until ? $0.1 : nil }
    }
    wake?.yield()
  }

  /// Sleeps for a while, or until somebody asks for less.
  func sleep(for duration: Duration) async {
    // A stream of this sleep's own: one whose reader was cancelled is over for good.
    let (wakes, wake) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let end = Deadline.after(duration)
    let until = state.withLock { state in
      let until = min(end, state.first ?? end)
      state.first = nil
      state.sleep = (until, wake)
      return until
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await Task.sleep(for: until.remaining) }
      group.addTask {
        for await _ in wakes { return }
      }
      await group.next()
      group.cancelAll()
    }
    state.withLock { $0.sleep = nil }
  }
}
