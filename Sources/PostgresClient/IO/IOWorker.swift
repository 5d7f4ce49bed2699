import CLibPQ
import DequeModule
import Logging
import Synchronization

/// The I/O thread's own state: it owns every connection and is touched by nothing else.
///
/// One turn: wait for sockets or the mailbox, take results, resume their callers in one go, take
/// new commands, send them, sleep again.
final class IOWorker {
  /// A place among the shared connections.
  struct SharedSlot {
    var connection: IOConnection?
    var backoff: Backoff
    /// When to try again; nil while connected or connecting.
    var retryAt: MonotonicTime?
  }

  let loop: IOLoop
  let configuration: PostgresConfiguration
  let connector: Connector
  let canceller: CancelWorker

  var now = MonotonicTime.now()
  var connections: [Int: IOConnection] = [:]
  var lastConnectionID = 0
  /// Whether connections to this server are encrypted.
  var usesTLS = false
  var connectRequests: [Int: IOConnection.Role] = [:]
  var lastConnectRequest = 0
  var scratch = ParameterScratch()

  var shared: [SharedSlot]
  var queue = SharedQueue()
  /// Since when no shared connection is ready.
  var downSince: MonotonicTime?
  var lastConnectError: PostgresClientError?

  var pool: LeasePool<LeaseRequest>
  var poolBackoff: Backoff
  var poolRetryAt: MonotonicTime?

  var listener: NotificationHub
  var metrics = PostgresMetrics()

  /// Answers of this turn.
  var finishedCalls: [(call: PostgresCall, error: (any Error)?)] = []
  var finishedLeases: [(request: LeaseRequest, result: Result<Int, any Error>)] = []

  /// The next moment at which ``runTimers()`` has work.
  var wakeAt = MonotonicTime(nanoseconds: 0)
  var drainDeadline: MonotonicTime?

  init(loop: IOLoop, connector: Connector, canceller: CancelWorker) {
    self.loop = loop
    self.connector = connector
    self.canceller = canceller
    configuration = loop.configuration
    let delay = configuration.reconnectDelay
    shared = (0..<configuration.sharedConnections).map { _ in
      SharedSlot(backoff: Backoff(delay), retryAt: MonotonicTime(nanoseconds: 0))
    }
    pool = LeasePool(
      maximum: configuration.leasedConnections, waiterLimit: configuration.leaseWaiters)
    poolBackoff = Backoff(delay)
    listener = NotificationHub(backoff: Backoff(delay))
    downSince = shared.isEmpty ? nil : now
  }

  /// Runs until a shutdown is complete.
  func run() {
    loop.isAvailable.store(shared.isEmpty, ordering: .releasing)
    var events: [Poller.Event] = []
    var commands: [IOCommand] = []
    while !isDrained {
      let timeout = loop.prepareToSleep() ? pollTimeout : 0
      loop.poller.wait(milliseconds: timeout, into: &events)
      now = .now()
      for event in events { handle(event) }
      resumeFinished()
      loop.takeCommands(into: &commands)
      for command in commands { handle(command) }
      if now >= wakeAt { runTimers() }
      // Last, because all of the above may have put calls into the queue again.
      dispatchShared()
      resumeFinished()
      publishMetrics()
      commands.removeAll(keepingCapacity: true)
    }
    close()
  }

  private var pollTimeout: Int32 {
    // Bytes that OpenSSL has decrypted already make no socket readable.
    let timeout = wakeAt.pollTimeout(from: now)
    guard usesTLS, connections.values.contains(where: { !$0.inFlight.isEmpty }) else {
      return timeout
    }
    wakeAt = min(wakeAt, now + .milliseconds(2))
    return timeout < 0 ? 2 : min(timeout, 2)
  }

  private func handle(_ command: IOCommand) {
    switch command {
    case .submit(let call): submit(call)
    case .submitLeased(let call, let connection): submitLeased(call, connection: connection)
    case .cancel(let call): cancel(call)
    case .acquire(let request): acquire(request)
    case .cancelAcquire(let request): cancel(request)
    case .release(let connection): release(connection)
    case .connectFinished(let request, let result): connectFinished(request, result)
    case .cancelDelivered(let connection): cancelDelivered(connection)
    case .subscribe(let subscriber): subscribe(subscriber)
    case .unsubscribe(let subscriber): unsubscribe(subscriber)
    case .shutDown:
      if drainDeadline == nil { drainDeadline = now + configuration.shutdownGrace }
      wakeAt = now
    }
  }

  // MARK: Answers

  /// Ends a call towards its caller; its results may still be on the way.
  func finish(_ call: PostgresCall, _ error: (any Error)?) {
    guard !call.isFinished else { return }
    call.isFinished = true
    if error == nil { metrics.succeeded += 1 } else { metrics.failed += 1 }
    finishedCalls.append((call, error))
  }

  func finish(_ request: LeaseRequest, _ result: Result<Int, any Error>) {
    guard !request.isFinished else { return }
    request.isFinished = true
    finishedLeases.append((request, result))
  }

  /// Resumes everybody whose answer is known, in one go.
  func resumeFinished() {
    // A caller who looks at the metrics finds itself no longer in them.
    if !finishedCalls.isEmpty || !finishedLeases.isEmpty { publishMetrics() }
    while !finishedCalls.isEmpty || !finishedLeases.isEmpty {
      let calls = finishedCalls
      let leases = finishedLeases
      finishedCalls.removeAll(keepingCapacity: true)
      finishedLeases.removeAll(keepingCapacity: true)
      for (call, error) in calls {
        call.onFinish?(error)
        call.onFinish = nil
        guard let continuation = call.continuation else { continue }
        call.continuation = nil
        if let error {
          continuation.resume(throwing: error)
        } else {
          continuation.resume()
        }
      }
      for (request, result) in leases {
        request.continuation?.resume(with: result)
        request.continuation = nil
      }
    }
  }

  private func publishMetrics() {
    metrics.sharedReady = shared.reduce(0) { $0 + ($1.connection == nil ? 0 : 1) }
    metrics.sharedQueued = queue.count
    metrics.sharedInFlight = shared.reduce(0) { $0 + ($1.connection?.inFlight.count ?? 0) }
    metrics.leasedInUse = pool.inUseCount
    metrics.leasedIdle = pool.idle.count
    metrics.leaseWaiters = pool.waiterCount
    loop.metrics.withLock { $0 = metrics }
  }
}
