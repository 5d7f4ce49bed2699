import Logging
import NIOCore
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Lines about refused connections", .timeLimit(.minutes(1)))
struct RefusalLogTests {
  private typealias Machine = RefusalLogStateMachine

  @Test("are bounded for an address, and the next one tells how many were left off")
  func address() {
    var machine = Machine()
    let start = Deadline(uptimeNanoseconds: 1_000)
    for _ in 0..<Machine.linesOfAddress { #expect(machine.note("a", now: start) == 0) }
    for _ in 0..<1_000 { #expect(machine.note("a", now: start) == nil) }
    #expect(machine.note("b", now: start) == 1_000)
    #expect(machine.note("b", now: start) == 0)
    #expect(machine.note("a", now: start.advanced(by: .seconds(59))) == nil)
    #expect(machine.note("a", now: start.advanced(by: .seconds(60))) == 1)
  }

  @Test("are bounded for all addresses together")
  func all() {
    var machine = Machine()
    let start = Deadline(uptimeNanoseconds: 1_000)
    let lines = (0..<10_000).count { machine.note("\($0)", now: start) != nil }
    #expect(lines == Machine.lines)
    #expect(machine.note("late", now: start.advanced(by: .seconds(61))) == 10_000 - Machine.lines)
  }

  /// What somebody may say on the TLS port, and what the line's reason begins with.
  private static let plain: [(name: String, bytes: [UInt8], reason: String)] = [
    ("plain text", Array("GET / HTTP/1.1\r\n\r\n".utf8), "handshakeFailed"),
    ("noise", [UInt8](repeating: 0xA5, count: 600), "handshakeFailed")
  ]

  @Test("name the address and the reason where no handshake comes about", arguments: plain.indices)
  func noTLS(index: Int) async throws {
    let lines = LogLines()
    try await HTTPTestServer.run(logger: lines.logger) { server in
      let observer = TLSObserver()
      let channel = try await TLSTestSockets.connectPlain(
        port: server.server.port, observer: observer)
      try await channel.send(Self.plain[index].bytes)
      try await observer.wait("the end") { $0.isInactive }
      try await Self.expect(lines, Self.plain[index].reason)
    }
  }

  @Test("name an application protocol that the server does not speak")
  func unknownProtocol() async throws {
    let lines = LogLines()
    try await HTTPTestServer.run(logger: lines.logger) { server in
      let context = try TLSClientContext(
        TLSClientConfiguration(trust: server.authority.trust, applicationProtocols: ["spdy/3"]))
      let observer = TLSObserver()
      _ = try await TLSTestSockets.connect(context, port: server.server.port, observer: observer)
      try await observer.wait("the end") { $0.isInactive }
      try await Self.expect(lines, "handshakeFailed")
    }
  }

  @Test("name the rule of HTTP/2 that was broken")
  func http2() async throws {
    let lines = LogLines()
    try await HTTPTestServer.run(logger: lines.logger) { server in
      let socket = try await server.connect()
      try await socket.send(
        HTTP2WireFrame(type: 1, stream: 1, payload: HTTP2WireFrame.block([(":method", "POST")])))
      let frame = HTTP2WireFrame(type: 9, stream: 1, payload: HTTP2WireFrame.block([("a", "b")]))
      try await socket.channel.send((0..<2_000).flatMap { _ in frame.bytes })
      try await socket.end()
      try await Self.expect(lines, "ExcessiveContinuationFrames", over: "h2")
    }
  }

  @Test("name the rule of the framed transport that was broken")
  func framed() async throws {
    let lines = LogLines()
    try await TestServer.run(logger: lines.logger) { server in
      _ = try await server.withSocket { socket in
        try await socket.send([0, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0])
        return try await socket.rest().count
      }
      try await Self.expect(lines, "Frame kind 99 does not exist", over: "clinic-rpc/1")
    }
  }

  @Test("are not written for a connection that only comes and goes, as a balancer's check does")
  func silent() async throws {
    let lines = LogLines()
    try await HTTPTestServer.run(logger: lines.logger) { server in
      let channel = try await TLSTestSockets.connectPlain(
        port: server.server.port, observer: TLSObserver())
      try await eventually { server.server.server.connectionCount == 1 }
      try await channel.close().get()
      try await eventually { server.server.server.connectionCount == 0 }
      #expect(lines.all.map(\.message) == [])
    }
  }

  private static func expect(
    _ lines: LogLines, _ reason: String, over transport: String? = nil
  ) async throws {
    try await eventually { !lines.all.isEmpty }
    let line = try #require(lines.all.first)
    #expect(line.level == .notice)
    #expect(line.message == "connection refused")
    #expect(line["address"] == "127.0.0.1")
    #expect(line["reason"]?.hasPrefix(reason) == true, "\(line["reason"] ?? "none")")
    #expect(line["protocol"] == transport)
  }
}
