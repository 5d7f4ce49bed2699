import Glibc
import Synchronization

/// Carries bytes between clients and a server until it is told to cut all connections.
public final class CuttingProxy: Sendable {
  /// The port that clients connect to.
  public let port: Int
  private let listener: Int32
  private let target: Int
  private let open = Mutex<Set<Int32>>([])

  /// Listens on a free port and carries to a port of this machine.
  public init(to target: Int) throws {
    self.target = target
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    port = try FreePort.find()
    var on: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, 4)
    let bound = Self.withAddress(port) { bind(listener, $0, $1) }
    guard bound == 0, listen(listener, 64) == 0 else { throw TestSupportError("no proxy") }
    Self.thread { [listener] in
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        self.carry(client)
      }
    }
  }

  /// Cuts what is connected now. New connections are taken.
  public func cut() {
    open.withLock { open in
      for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  /// Takes no more connections and cuts all.
  public func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    cut()
  }

  private func carry(_ client: Int32) {
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard Self.withAddress(target, { connect(server, $0, $1) }) == 0 else {
      close(client)
      close(server)
      return
    }
    open.withLock { _ = $0.insert(client) }
    open.withLock { _ = $0.insert(server) }
    let ends = Ends()
    for (from, to) in [(client, server), (server, client)] {
      Self.thread {
        Self.pump(from, to)
        shutdown(from, Int32(SHUT_RDWR))
        shutdown(to, Int32(SHUT_RDWR))
        guard ends.isLast else { return }
        self.open.withLock { open in
          for descriptor in [client, server] {
            open.remove(descriptor)
            close(descriptor)
          }
        }
      }
    }
  }

  private static func pump(_ from: Int32, _ to: Int32) {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = read(from, &buffer, buffer.count)
      guard count > 0 else { return }
      var sent = 0
      while sent < count {
        let part = buffer[sent..<count].withUnsafeBytes {
          send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard part > 0 else { return }
        sent += part
      }
    }
  }

  private static func withAddress<Result>(
    _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func thread(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
    pthread_detach(thread)
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Tells the second of two.
  private final class Ends: Sendable {
    private let rest = Atomic<Int>(2)
    init() {}
    var isLast: Bool { rest.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
  }
}
