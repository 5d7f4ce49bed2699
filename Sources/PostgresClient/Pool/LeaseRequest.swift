import Synchronization

/// A caller who wants a leased connection.
///
/// `@unchecked Sendable`: the caller fills it before it is posted; after that only the I/O thread
/// touches it. `isCancelled` is atomic.
final class LeaseRequest: @unchecked Sendable {
  let deadline: MonotonicTime
  /// Whose turn it takes; nil for nobody's.
  let tenant: SharedQueue.Prelude?
  /// Set by the task's cancellation handler, maybe before the request was posted.
  let isCancelled = Atomic(false)

  /// The caller's, until the request is posted.
  var continuation: UnsafeContinuation<Int, any Error>?

  // The I/O thread's part.
  /// Whether the request has arrived. The task's cancellation may arrive before it does.
  var isPosted = false
  var isFinished = false

  init(deadline: MonotonicTime, tenant: SharedQueue.Prelude?) {
    self.deadline = deadline
    self.tenant = tenant
  }
}
