internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Looks up the addresses of names, on threads of its own: the system's resolver blocks.
final class HostLookup: Sendable {
  private static let threads = 8

  private let pool = NIOThreadPool(numberOfThreads: HostLookup.threads)

  init() { pool.start() }

  func shutdown() async throws { try await pool.shutdownGracefully() }

  /// The addresses that a name or the text of an address stands for; none where it is unknown.
  func addresses(
    of host: String, port: Int, on eventLoop: any EventLoop
  ) -> EventLoopFuture<[SocketAddress]> {
    pool.runIfActive(eventLoop: eventLoop) { Self.resolve(host, port: port) }
  }

  private static func resolve(_ host: String, port: Int) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = list
    while let entry = next?.pointee {
      next = entry.ai_next
      switch entry.ai_family {
      case AF_INET:
        entry.ai_addr?.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          addresses.append(SocketAddress($0.pointee))
        }
      case AF_INET6:
        entry.ai_addr?.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
          addresses.append(SocketAddress($0.pointee))
        }
      default: break
      }
    }
    return addresses
  }
}

extension SocketAddress {
  /// The octets of the address in network order.
  var octets: [UInt8] { ipAddress.flatMap(InternetAddress.octets) ?? [] }
}
