import Glibc

/// Finds TCP ports that a test server can listen on.
public enum FreePort {
  /// A port of 127.0.0.1 that nobody listens on, below the range of outgoing connections.
  public static func find() throws -> Int {
    for _ in 0..<200 {
      let port = Int.random(in: 20_000..<32_768)
      if canBind(port) { return port }
    }
    throw TestSupportError("no free port below 32768")
  }

  private static func canBind(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
