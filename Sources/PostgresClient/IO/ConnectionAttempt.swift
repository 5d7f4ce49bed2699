import CLibPQ
import Glibc

/// One connection in the making, driven by PQconnectPoll.
final class ConnectionAttempt {
  /// What a step led to.
  enum Step {
    case waiting
    case connected
    case failed(String)
  }

  let request: Int
  let pg: OpaquePointer
  private(set) var interest: Int16 = Int16(POLLOUT)
  private(set) var deadline: MonotonicTime
  private let timeout: Duration
  private var socket: Int32
  /// Hosts that may still be tried after a timeout.
  private var hostsLeft: Int

  init(request: Int, pg: OpaquePointer, timeout: Duration, hosts: Int) {
    self.request = request
    self.pg = pg
    self.timeout = timeout
    socket = PQsocket(pg)
    hostsLeft = hosts - 1
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
  ///
  /// libpq has no call for "try the next host"; shutting the socket down under it makes its next
  /// step see a failed connect, from which it goes on by itself.
  func expire() -> Step {
    guard hostsLeft > 0 else { return .failed("timed out") }
    hostsLeft -= 1
    shutdown(PQsocket(pg), Int32(SHUT_RDWR))
    deadline = .now() + timeout
    return advance()
  }
}
