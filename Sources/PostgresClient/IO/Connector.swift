import CLibPQ
import Glibc
import Synchronization

/// Makes connections on a thread of its own and hands them to the I/O thread when they are ready.
///
/// Name look-up, the TLS handshake and SCRAM's key derivation take milliseconds inside of libpq;
/// here they delay no call. A connection belongs to exactly one of the two threads at any time.
final class Connector: Sendable {
  /// A finished connection on its way from one thread to the other.
  ///
  /// `@unchecked Sendable`: the connector forgets the pointer when it hands it over.
  struct Handover: @unchecked Sendable {
    let pg: OpaquePointer
  }

  private struct Inbox {
    var requests: [Int] = []
    var isStopped = false
  }

  private let parameters: ConnectionParameters
  private let timeout: Duration
  private let inbox = Mutex(Inbox())
  private let waker: Poller.Waker

  init(parameters: ConnectionParameters, timeout: Duration) throws {
    self.parameters = parameters
    self.timeout = timeout
    let descriptor = clinic_eventfd()
    guard descriptor >= 0 else {
      throw PostgresClientError(.invalidConfiguration, "out of file descriptors (errno \(errno))")
    }
    waker = Poller.Waker(descriptor: descriptor)
  }

  deinit { close(waker.descriptor) }

  /// Starts the thread. `report` is called on it, once for each request.
  func start(
    report: @escaping @Sendable (Int, Result<Handover, PostgresClientError>) -> Void
  ) throws {
    try WorkerThread.start(name: "clinic-pg-conn") { self.run(report: report) }
  }

  /// Asks for one connection; the number comes back with the answer.
  func connect(request: Int) {
    inbox.withLock { $0.requests.append(request) }
    waker.wake()
  }

  /// Ends the thread; unfinished attempts are dropped without an answer.
  func stop() {
    inbox.withLock { $0.isStopped = true }
    waker.wake()
  }

  private func run(
    report: @escaping @Sendable (Int, Result<Handover, PostgresClientError>) -> Void
  ) {
    var attempts: [ConnectionAttempt] = []
    defer { for attempt in attempts { PQfinish(attempt.pg) } }
    while true {
      let (requests, isStopped) = inbox.withLock { inbox in
        defer { inbox.requests = [] }
        return (inbox.requests, inbox.isStopped)
      }
      if isStopped { return }
      for request in requests {
        switch begin(request, parameters) {
        case .success(let attempt): attempts.append(attempt)
        case .failure(let error): report(request, .failure(error))
        }
      }
      let ready = wait(for: attempts)
      attempts = zip(attempts, ready).compactMap { attempt, isReady in
        let step = isReady ? attempt.advance() : expireIfLate(attempt)
        switch step {
        case .waiting: return attempt
        case .skipHost(let rest):
          PQfinish(attempt.pg)
          switch begin(attempt.request, rest) {
          case .success(let next): return next
          case .failure(let error): report(attempt.request, .failure(error))
          }
        case .connected: report(attempt.request, .success(Handover(pg: attempt.pg)))
        case .failed(let message):
          let state = Self.sqlState(in: attempt.pg)
          PQfinish(attempt.pg)
          report(
            attempt.request,
            .failure(PostgresClientError(.connectionFailure, message, cause: state)))
        }
        return nil
      }
    }
  }

  private func begin(
    _ request: Int, _ parameters: ConnectionParameters
  ) -> Result<ConnectionAttempt, PostgresClientError> {
    guard let pg = parameters.start() else {
      return .failure(PostgresClientError(.connectionFailure, "out of memory"))
    }
    if PQstatus(pg) == CONNECTION_BAD {
      let message = IOConnection.message(of: pg)
      PQfinish(pg)
      return .failure(PostgresClientError(.connectionFailure, message))
    }
    return .success(
      ConnectionAttempt(request: request, pg: pg, parameters: parameters, timeout: timeout))
  }

  /// Sleeps until a socket or the inbox is ready, or an attempt is late.
  private func wait(for attempts: [ConnectionAttempt]) -> [Bool] {
    var descriptors = attempts.map(\.descriptor)
    descriptors.append(pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0))
    let nextDeadline = attempts.map(\.deadline).min() ?? .distantFuture
    let timeout = nextDeadline.pollTimeout(from: .now())
    let count = poll(&descriptors, nfds_t(descriptors.count), timeout)
    guard count > 0 else { return attempts.map { _ in false } }
    if descriptors[attempts.count].revents != 0 {
      var value: UInt64 = 0
      _ = read(waker.descriptor, &value, 8)
    }
    return descriptors.dropLast().map { $0.revents != 0 }
  }

  private func expireIfLate(_ attempt: ConnectionAttempt) -> ConnectionAttempt.Step {
    attempt.deadline <= .now() ? attempt.expire() : .waiting
  }

  /// libpq keeps no SQLSTATE of a failed connect; the few that matter are told by their text.
  private static func sqlState(in pg: OpaquePointer) -> PostgresError? {
    let message = IOConnection.message(of: pg)
    if message.contains("password authentication failed") {
      return PostgresError(sqlState: .invalidPassword, severity: "FATAL", message: message)
    }
    if message.contains("too many") && message.contains("clients") {
      return PostgresError(sqlState: .tooManyConnections, severity: "FATAL", message: message)
    }
    return nil
  }
}
