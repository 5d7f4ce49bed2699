internal import NIOCore

/// A task that waits for something on an event loop, until it comes or the task is cancelled.
///
/// Sendable without a lock: touched on its loop only.
final class Waiter<Value: Sendable>: @unchecked Sendable {
  private var continuation: UnsafeContinuation<Value, any Error>?
  private var isCancelled = false

  /// Whether the task still waits.
  var isWaiting: Bool { continuation != nil }

  func resume(returning value: Value) {
    continuation.take()?.resume(returning: value)
  }

  func resume(throwing error: any Error) {
    continuation.take()?.resume(throwing: error)
  }

  /// Waits on a loop. `enqueue` runs there and keeps the waiter, or resumes it.
  static func wait(
    on eventLoop: any EventLoop, _ enqueue: @escaping @Sendable (Waiter) -> Void
  ) async throws -> Value {
    let waiter = Waiter()
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        eventLoop.runNow {
          waiter.continuation = continuation
          if waiter.isCancelled {
            waiter.resume(throwing: CancellationError())
          } else {
            enqueue(waiter)
          }
        }
      }
    } onCancel: {
      eventLoop.runNow {
        waiter.isCancelled = true
        waiter.resume(throwing: CancellationError())
      }
    }
  }
}

extension EventLoop {
  /// Runs a closure on the loop: at once when already there.
  @inline(__always)
  func runNow(_ body: @escaping @Sendable () -> Void) {
    if inEventLoop { body() } else { execute(body) }
  }
}
