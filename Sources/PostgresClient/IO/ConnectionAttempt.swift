import CLibPQ
import Glibc

/// One connection in the making, driven by PQconnectPoll.
final class ConnectionAttempt {
  /// What a step led to.
  enum Step {
    case waiting
    /// The host is silent: go on with these parameters, without it.
    case skipHost(ConnectionParameters)
    case connected
    case failed(String)
  }

  let request: Int
  let pg: OpaquePointer
  private(set) var interest: Int16 = Int16(POLLOUT)
  private(set) var deadline: MonotonicTime
  private let parameters: ConnectionParameters
  private let timeout: Duration
  private var socket: Int32

  init(
    request: Int, pg: OpaquePointer, parameters: ConnectionParameters, timeout: Duration
  ) {
    self.request = request
    self.pg = pg
    self.parameters = parameters
    self.timeout = timeout
    socket = PQsocket(pg)
    deadline = .now() + timeout
  }

  var descriptor: pollfd { pollfd(fd: PQsocket(pg), events: interest, revents: 0) }

  /// Goes on after the socket became ready.
  func advance() -> Step {
    let status = PQconnectPoll(pg)
    switch status {
    case PGRES_POLLING_READING: interest = Int16(POLLIN)
    case PGRES_POLLING_WRITING: interest = Int16(POLLOUT)
    case PGRES_POLLING_OK: return .connected
    case PGRES_POLLING_FAILED: return .failed(IOConnection.message(of: pg))
    default: break
    }
    if PQsocket(pg) != socket {
      // libpq went on to its next address or host, which gets the full time.
      socket = PQsocket(pg)
      deadline = .now() + timeout
    }
    return .waiting
  }

  /// The host did not answer in time.
  func expire() -> Step {
    func text(_ value: UnsafeMutablePointer<CChar>?) -> String {
      value.map { String(cString: $0) } ?? ""
    }
    let rest = parameters.removing(host: text(PQhost(pg)), port: text(PQport(pg)))
    return rest.map(Step.skipHost) ?? .failed("timed out")
  }
}
