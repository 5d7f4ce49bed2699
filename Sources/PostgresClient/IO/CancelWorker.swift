import CLibPQ
import Glibc
import Synchronization

/// Sends cancel requests from a thread of its own: PQcancel opens a connection and waits for it.
final class CancelWorker: Sendable {
  /// A cancel handle on its way between threads.
  ///
  /// `@unchecked Sendable`: the handle is a copy of address and key, owned by one thread at a time.
  private struct Request: @unchecked Sendable {
    let handle: OpaquePointer
    let connection: Int
  }

  private struct Inbox {
    var requests: [Request] = []
    var isStopped = false
  }

  private let inbox = Mutex(Inbox())
  private let waker: Poller.Waker

  init() throws {
    let descriptor = clinic_eventfd()
    guard descriptor >= 0 else {
      throw PostgresClientError(.invalidConfiguration, "out of file descriptors (errno \(errno))")
    }
    waker = Poller.Waker(descriptor: descriptor)
  }

  deinit { close(waker.descriptor) }

  /// Starts the thread. `report` is called on it when a request was delivered or failed.
  func start(report: @escaping @Sendable (Int) -> Void) throws {
    try WorkerThread.start(name: "clinic-pg-cancel") {
      while true {
        var descriptor = pollfd(fd: self.waker.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&descriptor, 1, -1)
        var count: UInt64 = 0
        _ = read(self.waker.descriptor, &count, 8)
        let (requests, isStopped) = self.inbox.withLock { inbox in
          defer { inbox.requests = [] }
          return (inbox.requests, inbox.isStopped)
        }
        for request in requests {
          if !isStopped {
            var message: [CChar] = Array(repeating: 0, count: 256)
            _ = PQcancel(request.handle, &message, 256)
            report(request.connection)
          }
          PQfreeCancel(request.handle)
        }
        if isStopped { return }
      }
    }
  }

  /// Asks the server to cancel what the connection runs; takes over the handle.
  func cancel(_ handle: OpaquePointer, connection: Int) {
    let request = Request(handle: handle, connection: connection)
    inbox.withLock { $0.requests.append(request) }
    waker.wake()
  }

  func stop() {
    inbox.withLock { $0.isStopped = true }
    waker.wake()
  }
}
