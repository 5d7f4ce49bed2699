/// A task of a loop that runs one operation after another: a new task allocates the memory of each
/// frame that it calls, one that goes on has it.
///
/// Sendable without a lock: it is touched on its loop only.
final class LoopWorker: @unchecked Sendable {
  typealias Operation = @Sendable () async -> Void

  private let executor: LoopExecutor
  private var first: Operation?
  private var task: Task<Void, Never>?
  /// Where the task waits for its next operation.
  private var idle: UnsafeContinuation<Operation?, Never>?
  private var operationsEnded = 0

  init(executor: LoopExecutor) { self.executor = executor }

  /// Runs an operation. Only while none runs.
  func start(_ operation: @escaping Operation) -> LoopTask {
    if let idle = idle.take() {
      idle.resume(returning: operation)
    } else {
      first = operation
      // Not structured: whoever starts an operation owns it by the value that is returned, and the
      // loop ends the task, see ``LoopExecutor/endIdleWorkers()``.
      task = Task(executorPreference: executor) { await self.run() }
    }
    return LoopTask(worker: self, number: operationsEnded)
  }

  /// Cancels an operation unless it has ended: the task may be in another one.
  fileprivate func cancel(_ number: Int) {
    if number == operationsEnded { task?.cancel() }
  }

  /// Ends the task if it waits, and returns it.
  func endIfIdle() -> Task<Void, Never>? {
    guard let idle = idle.take() else { return nil }
    idle.resume(returning: nil)
    return task
  }

  private func run() async {
    while let operation = await next() {
      await operation()
      operationsEnded += 1
      // The next operation would find itself cancelled.
      if Task.isCancelled { return }
    }
  }

  private func next() async -> Operation? {
    if let first = first.take() { return first }
    return await withUnsafeContinuation { continuation in
      if executor.keep(self) {
        idle = continuation
      } else {
        continuation.resume(returning: nil)
      }
    }
  }
}

/// An operation that a ``LoopWorker`` runs.
struct LoopTask: Sendable {
  fileprivate let worker: LoopWorker
  fileprivate let number: Int

  /// Cancels the operation; nothing happens if it has ended. On the loop only.
  func cancel() { worker.cancel(number) }
}
