public import Logging
public import NIOCore
internal import RPCCore
internal import Synchronization

/// A pool of connections that is one channel: opens connections when calls need them, opens them
/// again with growing waits after failures, and tries calls again where that does no harm.
public final class RPCClient: Sendable {
  private typealias Waiting = UnsafeContinuation<Void, any Error>

  private struct State {
    var machine: PoolStateMachine<ClientConnection>
    var waiting: [(ticket: Ticket, continuation: Waiting)] = []
  }

  /// Tells one waiting caller from another.
  private final class Ticket: Sendable {}

  let configuration: RPCClientConfiguration
  private let executors: LoopExecutors
  /// The loop of the first connection: the clients of a process take turns.
  private let firstLoop: Int
  private let group: any EventLoopGroup
  private let logger: Logger
  private let state: Mutex<State>

  /// Makes a client. It connects with its first call.
  public init(configuration: RPCClientConfiguration, group: any EventLoopGroup, logger: Logger) {
    self.configuration = configuration
    self.group = group
    let executors = LoopExecutors(group: group)
    self.executors = executors
    self.firstLoop = executors.index(of: group.next())
    self.logger = logger
    self.state = Mutex(State(machine: PoolStateMachine(size: configuration.connections)))
  }

  /// Runs tasks on the event loop of the pool's connections with this number. A task that makes
  /// many calls saves two changes of thread for each by running there.
  public func executor(at index: Int) -> any TaskExecutor { executors[firstLoop + index] }

  /// Lets calls in progress end, and closes the connections. New calls are refused.
  public func close() async {
    let (open, waiting) = state.withLock { state in
      defer { state.waiting = [] }
      return (state.machine.close(), state.waiting)
    }
    for waiter in waiting { waiter.continuation.resume(throwing: RPCError.connectionClosed) }
    for connection in open { await connection.close() }
  }

  /// A connection to make a call on.
  func connection(until deadline: Deadline) async throws -> ClientConnection {
    while true {
      switch acquire() {
      case .use(let connection):
        return connection
      case .useAndConnect(let connection, let slot):
        connect(slot)
        return connection
      case .connect(let slot):
        connect(slot)
        try await waitForConnection(until: deadline)
      case .wait:
        try await waitForConnection(until: deadline)
      case .sleep(let until):
        guard until < deadline else { throw RPCError.deadlineExceeded() }
        try await pause(until: until)
      case .closed:
        throw RPCError.connectionClosed
      }
      guard !deadline.hasPassed else { throw RPCError.deadlineExceeded() }
    }
  }

  private func pause(until moment: Deadline) async throws {
    do {
      try await Task.sleep(for: moment.remaining + .milliseconds(1))
    } catch {
      throw RPCError.cancelled()
    }
  }

  private func acquire() -> PoolStateMachine<ClientConnection>.OnAcquire {
    let isOnLoop = executors.isOnLoop
    return state.withLock { state in
      state.machine.acquire(
        now: .now, isUsable: \.isUsable,
        isBusy: { [configuration] in $0.callsInProgress >= configuration.busyCalls },
        isNear: { !isOnLoop || $0.executor.eventLoop.inEventLoop })
    }
  }

  private func connect(_ slot: Int) {
    let failures = state.withLock { $0.machine.failures(of: slot) }
    let endpoint = configuration.endpoints[(slot + failures) % configuration.endpoints.count]
    let connector = ClientConnector(
      host: endpoint.host, port: endpoint.port, security: configuration.security,
      limits: configuration.limits, logger: logger)
    connector.connect(on: executors[firstLoop + slot]).whenComplete { [self] result in
      finishConnecting(slot, result)
    }
  }

  private func finishConnecting(_ slot: Int, _ result: Result<ClientConnection, any Error>) {
    let waiting = state.withLock { state in
      switch result {
      case .success(let connection):
        _ = state.machine.succeed(slot, connection)
      case .failure:
        state.machine.fail(slot, now: .now) { failures in
          var generator = SystemRandomNumberGenerator()
          return configuration.reconnect.delay(beforeRetry: failures, using: &generator)
        }
      }
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in waiting {
      waiter.continuation.resume(with: result.map { _ in })
    }
  }

  /// Waits for the attempt to connect that is under way.
  private func waitForConnection(until deadline: Deadline) async throws {
    let ticket = Ticket()
    let timer = group.next().scheduleTask(
      deadline: .uptimeNanoseconds(min(deadline.uptimeNanoseconds, UInt64(Int64.max)))
    ) { [self] in
      stopWaiting(ticket, .deadlineExceeded())
    }
    defer { timer.cancel() }
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        let result = state.withLock { state -> Result<Void, any Error>? in
          // A cancellation from here on waits for the lock, and finds the waiter.
          if Task.isCancelled { return .failure(RPCError.cancelled()) }
          guard state.machine.isConnecting, !state.machine.isClosed else { return .success(()) }
          state.waiting.append((ticket, continuation))
          return nil
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      stopWaiting(ticket, .cancelled())
    }
  }

  private func stopWaiting(_ ticket: Ticket, _ error: RPCError) {
    let waiter = state.withLock { state -> Waiting? in
      guard let index = state.waiting.firstIndex(where: { $0.ticket === ticket }) else {
        return nil
      }
      return state.waiting.remove(at: index).continuation
    }
    waiter?.resume(throwing: error)
  }
}
