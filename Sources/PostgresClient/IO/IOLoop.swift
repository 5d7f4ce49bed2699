import Logging
import Synchronization

/// The I/O thread seen from other threads: a mailbox, a wake-up, and counters to read.
final class IOLoop: Sendable {
  private struct Inbox {
    var commands: [IOCommand] = []
    /// The thread will look into the mailbox before it sleeps: no wake-up is needed.
    var isAwake = false
    var isClosed = false
  }

  private struct Lifecycle {
    var isStarted = false
    var isTerminated = false
    var waiters: [UnsafeContinuation<Void, Never>] = []
  }

  let configuration: PostgresConfiguration
  let logger: Logger
  let poller: Poller
  /// Whether a shared connection is ready (without a shared lane: whether the thread runs).
  let isAvailable = Atomic(false)
  /// Calls of the shared lane between submission and answer.
  let outstanding = Atomic(0)
  let metrics = Mutex(PostgresMetrics())
  private let inbox = Mutex(Inbox())
  private let lifecycle = Mutex(Lifecycle())

  init(configuration: PostgresConfiguration, logger: Logger) throws {
    self.configuration = configuration
    self.logger = logger
    poller = try Poller()
  }

  /// Starts the thread once; later calls do nothing.
  func start() throws {
    let isFirst = lifecycle.withLock { lifecycle in
      defer { lifecycle.isStarted = true }
      return !lifecycle.isStarted
    }
    guard isFirst else { return }
    do {
      try startThreads()
    } catch {
      // Whoever waits for the end must not wait for ever.
      _ = closeInbox()
      terminate()
      throw error
    }
  }

  private func startThreads() throws {
    let parameters = try configuration.parameters()
    let connector = try Connector(
      parameters: parameters, timeout: configuration.connectTimeout)
    let canceller = try CancelWorker()
    try connector.start { request, result in
      if !self.post(.connectFinished(request: request, result)), case .success(let made) = result {
        IOWorker.discard(made)
      }
    }
    try canceller.start { connection in _ = self.post(.cancelDelivered(connection: connection)) }
    try WorkerThread.start(name: "clinic-pg-io") {
      IOWorker(loop: self, connector: connector, canceller: canceller).run()
      self.terminate()
    }
  }

  /// Leaves a command in the mailbox; false if the thread has ended.
  func post(_ command: IOCommand) -> Bool {
    let (isAccepted, mustWake) = inbox.withLock { inbox in
      guard !inbox.isClosed else { return (false, false) }
      inbox.commands.append(command)
      if inbox.isAwake { return (true, false) }
      inbox.isAwake = true
      return (true, true)
    }
    if mustWake { poller.waker.wake() }
    return isAccepted
  }

  /// Swaps the mailbox for an empty array. The thread counts as awake from here on.
  func takeCommands(into commands: inout [IOCommand]) {
    inbox.withLock { inbox in
      inbox.isAwake = true
      swap(&inbox.commands, &commands)
    }
  }

  /// Whether the thread may sleep: nothing is in the mailbox, and the next command will wake it.
  func prepareToSleep() -> Bool {
    inbox.withLock { inbox in
      guard inbox.commands.isEmpty else { return false }
      inbox.isAwake = false
      return true
    }
  }

  /// Accepts no more commands; returns those that nobody will handle.
  func closeInbox() -> [IOCommand] {
    inbox.withLock { inbox in
      inbox.isClosed = true
      defer { inbox.commands = [] }
      return inbox.commands
    }
  }

  /// Returns when the thread has ended, at once if it never started.
  func waitForTermination() async {
    await withUnsafeContinuation { continuation in
      let isOver = lifecycle.withLock { lifecycle in
        if lifecycle.isTerminated || !lifecycle.isStarted { return true }
        lifecycle.waiters.append(continuation)
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  private func terminate() {
    isAvailable.store(false, ordering: .releasing)
    let waiters = lifecycle.withLock { lifecycle in
      lifecycle.isTerminated = true
      defer { lifecycle.waiters = [] }
      return lifecycle.waiters
    }
    for waiter in waiters { waiter.resume() }
  }
}
