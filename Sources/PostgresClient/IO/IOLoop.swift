import Glibc
import Logging
import Synchronization

/// The I/O thread seen from other threads: a mailbox, a wake-up, and counters to read.
final class IOLoop: Sendable {
  private enum ThreadState {
    case asleep
    /// A thread will wake it at the end of its turn. Others do not wait for that: they wake it.
    case promised(by: pthread_t)
    /// It will look into the mailbox before it sleeps: no wake-up is needed.
    case awake
  }

  private struct Inbox {
    var commands: [IOCommand] = []
    var thread = ThreadState.asleep
    var isClosed = false

    /// Whether the thread has to be woken now for what is in the mailbox.
    mutating func awaken() -> Bool {
      if case .awake = thread { return false }
      thread = .awake
      return true
    }
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
      return (true, inbox.awaken())
    }
    if mustWake { poller.waker.wake() }
    return isAccepted
  }

  /// The same for a call that may wait for the others of its caller's turn.
  func postInTurn(_ call: PostgresCall) -> Bool {
    guard let atEndOfTurn = configuration.atEndOfTurn else { return post(.submit(call)) }
    let (isAccepted, mustPromise) = inbox.withLock { inbox in
      guard !inbox.isClosed else { return (false, false) }
      inbox.commands.append(.submit(call))
      switch inbox.thread {
      case .awake: return (true, false)
      case .promised(let thread) where pthread_equal(thread, pthread_self()) != 0:
        return (true, false)
      case .asleep, .promised:
        inbox.thread = .promised(by: pthread_self())
        return (true, true)
      }
    }
    if mustPromise, !atEndOfTurn({ [self] in wakeAsPromised() }) { wakeAsPromised() }
    return isAccepted
  }

  private func wakeAsPromised() {
    let mustWake = inbox.withLock { inbox in
      // It may have woken for another reason since, and sleep again.
      guard case .promised = inbox.thread else { return false }
      return inbox.awaken()
    }
    if mustWake { poller.waker.wake() }
  }

  /// Swaps the mailbox for an empty array. The thread counts as awake from here on.
  func takeCommands(into commands: inout [IOCommand]) {
    inbox.withLock { inbox in
      inbox.thread = .awake
      swap(&inbox.commands, &commands)
    }
  }

  /// Whether the thread may sleep: nothing is in the mailbox, and the next command will wake it.
  func prepareToSleep() -> Bool {
    inbox.withLock { inbox in
      guard inbox.commands.isEmpty else { return false }
      inbox.thread = .asleep
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
