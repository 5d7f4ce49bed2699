import DequeModule
import Synchronization

/// One reader's bounded buffer between the I/O thread and its task.
final class NotificationSubscriber: Sendable {
  private struct State {
    var events: Deque<PostgresNotificationEvent> = []
    var waiter: UnsafeContinuation<PostgresNotificationEvent?, Never>?
    var isFinished = false
  }

  let channels: Set<String>
  private let capacity: Int
  private let state = Mutex(State())

  init(channels: Set<String>, capacity: Int) {
    self.channels = channels
    self.capacity = capacity
  }

  /// Hands an event to the reader, or keeps it. A full buffer is replaced by one gap.
  func send(_ event: PostgresNotificationEvent) {
    let waiter = state.withLock {
      state -> UnsafeContinuation<PostgresNotificationEvent?, Never>? in
      guard !state.isFinished else { return nil }
      if let waiter = state.waiter {
        state.waiter = nil
        return waiter
      }
      if case .gap = event {
        // What came before is to be read anew anyway.
        state.events.removeAll()
        state.events.append(event)
      } else if state.events.count >= capacity {
        state.events.removeAll()
        state.events.append(.gap(.overflow))
      } else {
        state.events.append(event)
      }
      return nil
    }
    waiter?.resume(returning: event)
  }

  /// No more events will come.
  func finish() {
    let waiter = state.withLock { state in
      state.isFinished = true
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: nil)
  }

  /// The next event; nil after ``finish()`` or when the task is cancelled.
  func next() async -> PostgresNotificationEvent? {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let (isReady, event) = state.withLock {
          state -> (Bool, PostgresNotificationEvent?) in
          if let event = state.events.popFirst() { return (true, event) }
          if state.isFinished { return (true, nil) }
          state.waiter = continuation
          return (false, nil)
        }
        if isReady { continuation.resume(returning: event) }
      }
    } onCancel: {
      finish()
    }
  }
}
