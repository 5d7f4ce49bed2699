import FixtureContracts
import NIOCore
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Bad input on HTTP/2", .timeLimit(.minutes(1)))
struct HTTP2BadInputTests {
  private typealias Frame = HTTP2WireFrame

  /// Frames that break a rule of the connection, and the code that RFC 9113 gives it.
  private static let broken: [(String, [HTTP2WireFrame], UInt32)] = [
    ("DATA before HEADERS", [.body(1, [1, 2, 3])], 1),
    ("CONTINUATION before HEADERS", [Frame(type: 9, flags: 4, stream: 1)], 1),
    ("an even stream", [.call(2)], 1),
    ("a stream id that goes back", [.call(5), .call(3)], 1),
    ("SETTINGS of five bytes", [Frame(type: 4, payload: [0, 1, 0, 0, 0])], 6),
    ("SETTINGS on a stream", [Frame(type: 4, stream: 1)], 1),
    ("PING of seven bytes", [Frame(type: 6, payload: [1, 2, 3, 4, 5, 6, 7])], 6),
    ("PING on a stream", [Frame(type: 6, stream: 1, payload: [UInt8](repeating: 0, count: 8))], 1),
    ("WINDOW_UPDATE of nothing", [Frame(type: 8, payload: [0, 0, 0, 0])], 1),
    ("a window beyond the greatest", [Frame(type: 8, payload: [0x7F, 0xFF, 0xFF, 0xFF])], 3),
    ("RST_STREAM of an idle stream", [Frame(type: 3, stream: 7, payload: [0, 0, 0, 8])], 1),
    ("PUSH_PROMISE", [Frame(type: 5, flags: 4, stream: 1, payload: [0, 0, 0, 2])], 1),
    (
      "a header block that is none", [Frame(type: 1, flags: 4, stream: 1, payload: [0xFF, 0xFF])], 9
    ),
    ("DATA on the connection", [.body(0, [1])], 1),
    ("a frame over the limit", [.body(1, [UInt8](repeating: 0, count: 20_000))], 6)
  ]

  @Test("frames that break the connection's rules end it with GOAWAY", arguments: broken.indices)
  func frames(index: Int) async throws {
    let (name, frames, code) = Self.broken[index]
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.channel.send(frames.flatMap(\.bytes))
      let found = try await socket.goAway()
      #expect(found == code, "\(name)")
      try await socket.end()
      try await server.expectServing()
    }
  }

  /// Frames that break a rule of a stream, the third.
  private static let brokenStreams: [(String, [HTTP2WireFrame], UInt32)] = [
    ("an upper-case name", [.call(3, with: [("X-Upper", "1")])], 1),
    ("a header of HTTP/1.1", [.call(3, with: [("connection", "close")])], 1),
    (
      "a length that is not the body's",
      [.call(3, with: [("content-length", "5")]), .body(3, [1, 2, 3])], 1
    ),
    (
      "no path",
      [
        Frame(
          type: 1, flags: 5, stream: 3,
          payload: Frame.block([(":method", "POST"), (":scheme", "https")]))
      ], 1
    ),
    ("WINDOW_UPDATE of nothing", [.call(3), Frame(type: 8, stream: 3, payload: [0, 0, 0, 0])], 1),
    (
      "a window beyond the greatest",
      [.call(3), Frame(type: 8, stream: 3, payload: [0x7F, 0xFF, 0xFF, 0xFF])], 3
    ),
    (
      "DATA after its end",
      [.call(3, "/fixture.v1.EchoService/Chat", ends: true), .body(3, [1])], 5
    )
  ]

  @Test(
    "frames that break a stream's rules end that stream, and no other",
    arguments: brokenStreams.indices)
  func streams(index: Int) async throws {
    let (name, frames, code) = Self.brokenStreams[index]
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(.call(1))
      try await socket.channel.send(frames.flatMap(\.bytes))
      try await socket.send(.body(1, try Echo.request("goes on")))
      let response = try await socket.response(1)
      #expect(Echo.text(response.body) == "goes on", "\(name)")
      #expect(socket.resets == [3: code], "\(name)")
      try await socket.send(.call(5), .body(5, try Echo.request("and on")))
      #expect(Echo.text(try await socket.response(5).body) == "and on", "\(name)")
      try await socket.close()
    }
  }

  @Test(
    "what is no preface ends the connection", arguments: ["GET / HTTP/1.1\r\n\r\n", "\0\0\0\0\0"])
  func preface(text: String) async throws {
    try await HTTPTestServer.run { server in
      let socket = try await HTTPSocket(
        server.authority, port: server.server.port, greets: false)
      try await socket.channel.send(Array(text.utf8) + [UInt8](repeating: 7, count: 64))
      try await socket.end()
      try await server.expectServing()
    }
  }

  @Test("a header list over the limit is refused", arguments: [1, 400])
  func headerBomb(count: Int) async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      let value = String(repeating: "x", count: 30_000 / count)
      let block = Frame.block(
        [(":method", "POST"), (":scheme", "https"), (":path", "/a/B")]
          + (0..<count).map { ("x-\($0)", value) })
      var frames: [HTTP2WireFrame] = []
      for start in stride(from: 0, to: block.count, by: 16_000) {
        frames.append(
          Frame(
            type: start == 0 ? Frame.headers : Frame.continuation,
            flags: start + 16_000 >= block.count ? Frame.endHeaders : 0, stream: 1,
            payload: Array(block[start..<min(start + 16_000, block.count)])))
      }
      try await socket.channel.send(frames.flatMap(\.bytes))
      #expect(try await socket.goAway() != nil)
      try await socket.end()
      try await server.expectServing()
    }
  }

  @Test("a header list that unpacks to more than it is ends the connection")
  func compressedHeaderBomb() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      // One large field enters the table; each further byte is that field again.
      let entry = [0x40] + Frame.block([("x", String(repeating: "y", count: 3_000))]).dropFirst()
      let block = entry + [UInt8](repeating: 0xBE, count: 10_000)
      try await socket.send(Frame(type: 1, flags: 4, stream: 1, payload: block))
      #expect(try await socket.goAway() != nil)
      try await socket.end()
      try await server.expectServing()
    }
  }

  @Test("a flood of CONTINUATION frames is told to calm down")
  func continuations() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(Frame(type: 1, stream: 1, payload: Frame.block([(":method", "POST")])))
      let frame = Frame(type: 9, stream: 1, payload: Frame.block([("a", "b")]))
      try await socket.channel.send((0..<2_000).flatMap { _ in frame.bytes })
      #expect(try await socket.goAway() != nil)
      try await socket.end()
      try await server.expectServing()
    }
  }

  @Test("calls that are reset as fast as they are made end the connection")
  func rapidReset() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      var bytes: [UInt8] = []
      for index in 0..<UInt32(4_000) {
        let id = 2 * index + 1
        bytes += Frame.call(id).bytes
        bytes += Frame(type: 3, stream: id, payload: [0, 0, 0, 8]).bytes
      }
      try await socket.channel.send(bytes)
      #expect(try await socket.goAway() == 11)
      try await socket.end()
      try await server.expectServing()
    }
  }

  @Test("calls whose handlers still run count, however often they are reset")
  func resetHandlers() async throws {
    let limits = ServerLimits(callsPerConnection: 4)
    try await HTTPTestServer.run(
      limits: limits, interceptors: [StubbornInterceptor()]
    ) { server in
      let socket = try await server.connect()
      for index in 0..<UInt32(20) {
        let id = 2 * index + 1
        try await socket.send(
          .call(id), .body(id, try Echo.request("x")),
          Frame(type: 3, stream: id, payload: [0, 0, 0, 8]))
      }
      try await socket.send(.call(101), .body(101, try Echo.request("one more")))
      let fields = try await socket.response(101).fields
      #expect(fields["grpc-status"] == "8")
    }
  }

  @Test("too many pings are told to calm down, and pings beside calls are not")
  func pings() async throws {
    try await HTTPTestServer.run { server in
      let ping = Frame(type: 6, payload: [UInt8](repeating: 1, count: 8))
      let busy = try await server.connect()
      for index in 0..<UInt32(10) {
        let id = 2 * index + 1
        try await busy.send(.call(id), .body(id, try Echo.request("x")), ping)
        _ = try await busy.response(id)
      }
      try await busy.close()
      let idle = try await server.connect()
      try await idle.send(ping, ping, ping, ping, ping)
      let last = try #require(
        try await idle.next { $0.type == Frame.goAway && $0.errorCode != 0 })
      #expect(last.errorCode == 11)
      #expect(String(decoding: last.payload.dropFirst(8), as: UTF8.self) == "too_many_pings")
      try await idle.end()
    }
  }

  @Test("replies that nobody takes are bounded, and dropped at the deadline")
  func closedWindow() async throws {
    let limits = ServerLimits(messageBytes: 65_536, connectionBytes: 262_144)
    try await HTTPTestServer.run(limits: limits) { server in
      // SETTINGS_INITIAL_WINDOW_SIZE = 0
      let socket = try await server.connect(settings: [0, 4, 0, 0, 0, 0])
      let request = try Echo.request(EchoRequest(payload: [UInt8](repeating: 1, count: 60_000)))
      for index in 0..<UInt32(8) {
        let id = 2 * index + 1
        try await socket.send(.call(id, with: [("grpc-timeout", "15S")]))
        for start in stride(from: 0, to: request.count, by: 16_000) {
          let end = min(start + 16_000, request.count)
          try await socket.send(.body(id, Array(request[start..<end]), ends: end == request.count))
        }
      }
      let refused = try await socket.response(15).fields
      #expect(refused["grpc-status"] == "8")
      // The first reply can never leave: the deadline takes it out of memory.
      while socket.resets[1] == nil { _ = try #require(try await socket.next()) }
      #expect(socket.resets[1] == 8)
      try await server.expectServing()
    }
  }

  @Test("a window that is opened too far ends the stream")
  func streamWindow() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(
        .call(1), Frame(type: 8, stream: 1, payload: [0x7F, 0xFF, 0xFF, 0xFF]))
      let answer = try #require(
        try await socket.next {
          ($0.type == Frame.reset || $0.type == Frame.goAway) && $0.errorCode == 3
        })
      #expect(answer.errorCode == 3)
      try await server.expectServing()
    }
  }

  @Test("a message over the limit is refused on its length")
  func largeMessage() async throws {
    try await HTTPTestServer.run(limits: ServerLimits(messageBytes: 1_024)) { server in
      let socket = try await server.connect()
      try await socket.send(.call(1), .body(1, [0, 0, 0, 0xFF, 0xFF], ends: false))
      let (fields, _, reset) = try await socket.response(1)
      #expect(fields["grpc-status"] == "8")
      #expect(reset == nil)
      let stop = try #require(try await socket.next { $0.type == Frame.reset && $0.stream == 1 })
      #expect(stop.errorCode == 0, "the response is whole: no error")
      try await server.expectServing()
    }
  }

  @Test("messages that wait on one connection are bounded together")
  func connectionMemory() async throws {
    let limits = ServerLimits(messageBytes: 65_536, connectionBytes: 131_072)
    try await HTTPTestServer.run(limits: limits) { server in
      let socket = try await server.connect()
      // Each call announces a message and keeps the end of it back.
      let part = [0] + UInt32(60_000).octets + [UInt8](repeating: 1, count: 15_000)
      for index in 0..<UInt32(20) {
        try await socket.send(.call(2 * index + 1), .body(2 * index + 1, part, ends: false))
      }
      // Eight of them fit; the ninth call is the first to end.
      let refused = try await socket.response(17)
      #expect(refused.fields["grpc-status"] == "8")
      try await server.expectServing()
    }
  }

  @Test("a protocol that the server does not speak is refused in the handshake")
  func unknownProtocol() async throws {
    try await HTTPTestServer.run { server in
      let context = try TLSClientContext(
        TLSClientConfiguration(trust: server.authority.trust, applicationProtocols: ["spdy/3"]))
      let observer = TLSObserver()
      _ = try await TLSTestSockets.connect(context, port: server.server.port, observer: observer)
      let state = try await observer.wait("the end") { $0.isInactive }
      #expect(state.errors.map(\.code) == [.alertReceived])
      try await server.expectServing()
    }
  }

  @Test("plain text on the TLS port ends that connection")
  func plaintext() async throws {
    try await HTTPTestServer.run { server in
      let observer = TLSObserver()
      let channel = try await TLSTestSockets.connectPlain(
        port: server.server.port, observer: observer)
      try await channel.send(HTTPSocket.preface)
      try await observer.wait("the end") { $0.isInactive }
      try await server.expectServing()
    }
  }
}
