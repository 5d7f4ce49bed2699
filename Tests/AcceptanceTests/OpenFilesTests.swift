import Foundation
import TestSupport
import Testing

@Suite("A server that may open few files", .timeLimit(.minutes(5)))
struct OpenFilesTests {
  @Test("takes as many connections as that leaves room for, and goes on serving")
  func few() async throws {
    let programs = try Programs()
    let server = try await programs.serve(openFiles: 260)
    try await programs.login(on: server)
    let port = try #require(server.address.split(separator: ":").last.flatMap { UInt16($0) })
    // Far more than there are files.
    let sockets = (0..<400).map { _ in Self.connect(to: port) }
    try await Task.sleep(for: .milliseconds(500))
    #expect(server.process.isRunning)
    let open = try FileManager.default.contentsOfDirectory(
      atPath: "/proc/\(server.process.id)/fd"
    ).count
    #expect(open < 250)
    #expect(server.log.contains("open files"))
    for socket in sockets where socket >= 0 { close(socket) }
    var ending = try await programs.ctl("demo", "whoami")
    for _ in 0..<50 where ending.status != 0 {
      try await Task.sleep(for: .milliseconds(100))
      ending = try await programs.ctl("demo", "whoami")
    }
    #expect(ending.status == 0, "\(ending.output)")
    #expect(try await server.end(SIGTERM) == 0)
  }

  @Test("raises its limit as far as it may")
  func raised() async throws {
    let programs = try Programs()
    let server = try await programs.serve(openFiles: 256, hard: 2_000)
    let limits = try String(contentsOfFile: "/proc/\(server.process.id)/limits", encoding: .utf8)
    let line = limits.split(separator: "\n").first { $0.hasPrefix("Max open files") }
    #expect(line?.split(separator: " ").dropFirst(3).first == "2000", "\(limits)")
    #expect(try await server.end(SIGTERM) == 0)
  }

  private static func connect(to port: UInt16) -> Int32 {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(socket, $0, size) }
    }
    return socket
  }
}
