import FixtureContracts
import NIOCore
import ProtobufRuntime
import RPCCore
import Testing

@testable import RPCTransport

@Suite("gRPC calls over HTTP/2", .timeLimit(.minutes(1)))
struct GRPCCallTests {
  @Test("a unary call is head, message and trailers")
  func unary() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(.call(1), .body(1, try Echo.request("hello")))
      let (fields, body, reset) = try await socket.response(1)
      #expect(fields[":status"] == "200")
      #expect(fields["content-type"] == "application/grpc")
      #expect(fields["grpc-accept-encoding"] == "identity, gzip")
      #expect(fields["grpc-status"] == "0")
      #expect(Echo.text(body) == "hello")
      #expect(reset == nil)
    }
  }

  @Test("many calls share a connection, and a slow one delays none")
  func parallel() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(
        .call(1), .body(1, try Echo.request(EchoRequest(text: "slow", delayMs: 300))),
        .call(3), .body(3, try Echo.request("fast")))
      #expect(Echo.text(try await socket.response(3).body) == "fast")
      #expect(Echo.text(try await socket.response(1).body) == "slow")
    }
  }

  @Test("token, request id, address and metadata are those of the framed transport")
  func context() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      let id = "019a0000-0000-7000-8000-000000000001"
      try await socket.send(
        .call(1, with: ["authorization": "Bearer secret", "x-request-id": id].map { ($0, $1) }),
        .body(1, try Echo.request("who am I")))
      #expect(Echo.text(try await socket.response(1).body) == "127.0.0.1 secret")
      #expect(server.server.handler.noted { $0.requestIDs } == [id])
      try await socket.send(
        .call(3, with: [("x-request-id", "not one")]), .body(3, try Echo.request("x")))
      let refused = try await socket.response(3)
      #expect(refused.fields["grpc-status"] == "3")
    }
  }

  @Test("an error has its code, message, details and request id in the trailers")
  func failure() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(
        .call(1), .body(1, try Echo.request(EchoRequest(text: "t", failWithCode: 9))))
      let fields = try await socket.response(1).fields
      #expect(fields["grpc-status"] == "9")
      #expect(fields["grpc-message"] == "as asked")
      #expect(fields["x-request-id"]?.count == 36)
      let details = try #require(
        fields["grpc-status-details-bin"].flatMap { Base64.bytes(of: $0) })
      let status = try Status(serializedBytes: details)
      #expect(status.details.map(\.typeURL) == ["type.googleapis.com/google.rpc.ErrorInfo"])
    }
  }

  @Test(
    "an error has the call's name also where there is no call yet",
    arguments: [
      ("/no.Such/Method", []), ("/fixture.v1.EchoService/Echo", [("grpc-timeout", "x")]),
      ("/fixture.v1.EchoService/Echo", [("authorization", "Basic x")])
    ] as [(String, [(String, String)])])
  func named(path: String, fields: [(String, String)]) async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      let id = "019a0000-0000-7000-8000-000000000001"
      try await socket.send(
        .call(1, path, ends: true, with: fields + [("x-request-id", id)]),
        .call(3, path, ends: true, with: fields),
        .call(5, path, ends: true, with: fields + [("x-request-id", "none")]))
      #expect(try await socket.response(1).fields["x-request-id"] == id)
      let made = try #require(try await socket.response(3).fields["x-request-id"])
      let other = try #require(try await socket.response(5).fields["x-request-id"])
      #expect(made.isUUID && other.isUUID && made != other)
    }
  }

  @Test("a method that is not there, over JSON, has the name in its head")
  func namedPath() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(.call(1, "/no.Such/Method", ends: true, type: "application/json"))
      #expect(try await socket.response(1).fields["x-request-id"]?.isUUID == true)
    }
  }

  @Test("a method that is not there is UNIMPLEMENTED, a page that is not there 404")
  func unknown() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(.call(1, "/no.Such/Method", ends: true))
      #expect(try await socket.response(1).fields["grpc-status"] == "12")
      try await socket.send(.call(3, "/no.Such/Method", ends: true, type: "application/json"))
      #expect(try await socket.response(3).fields[":status"] == "404")
      try await socket.send(.call(5, ends: true, type: "text/html"))
      #expect(try await socket.response(5).fields[":status"] == "415")
    }
  }

  @Test("the deadline of the head ends the call and cancels the handler")
  func deadline() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(
        .call(1, with: [("grpc-timeout", "50m")]),
        .body(1, try Echo.request(EchoRequest(delayMs: 30_000))))
      #expect(try await socket.response(1).fields["grpc-status"] == "4")
      // Under load, the call may pass its deadline before its handler starts.
      try await eventually { server.server.handler.noted { $0.cancelled == $0.started } }
    }
  }

  @Test("RST_STREAM cancels the handler")
  func cancel() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(
        .call(1), .body(1, try Echo.request(EchoRequest(delayMs: 30_000))))
      try await eventually { server.server.handler.noted { $0.started == 1 } }
      try await socket.send(
        HTTP2WireFrame(
          type: HTTP2WireFrame.reset, stream: 1, payload: UInt32(8).octets))
      try await eventually { server.server.handler.noted { $0.cancelled == 1 } }
      try await socket.send(.call(3), .body(3, try Echo.request("next")))
      #expect(Echo.text(try await socket.response(3).body) == "next")
    }
  }

  @Test("streams go both ways at once")
  func chat() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(.call(1, "/fixture.v1.EchoService/Chat"))
      for text in ["a", "b", "c"] {
        try await socket.send(.body(1, try Echo.request(text), ends: false))
        var frame = try #require(try await socket.next { $0.type == HTTP2WireFrame.data })
        while frame.payload.isEmpty {
          frame = try #require(try await socket.next { $0.type == HTTP2WireFrame.data })
        }
        #expect(Echo.text(frame.payload) == text)
      }
      try await socket.send(.body(1, []))
      _ = try #require(try await socket.next(\.endsStream))
    }
  }

  @Test("a caller that takes nothing holds back the handler, not the server's memory")
  func backPressure() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(
        .call(1, "/fixture.v1.EchoService/Expand"),
        .body(
          1,
          try Echo.request(
            EchoRequest(payload: [UInt8](repeating: 1, count: 10_000), count: 10_000))))
      try await eventually { server.server.handler.noted { $0.replies > 5 } }
      try await Task.sleep(for: .milliseconds(200))
      // The window is 64 KiB and the buffer before it as much.
      #expect(server.server.handler.noted { $0.replies } < 40)
      try await socket.send(.call(3), .body(3, try Echo.request("others go on")))
      // The connection's window is used up too: the reply waits for this.
      try await socket.send(
        HTTP2WireFrame(type: HTTP2WireFrame.windowUpdate, payload: UInt32(100_000).octets))
      #expect(Echo.text(try await socket.response(3).body) == "others go on")
    }
  }

  @Test("a handler that reads nothing holds back the caller")
  func requestPressure() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(.call(1, "/fixture.v1.EchoService/Collect"))
      let slow = try Echo.request(EchoRequest(delayMs: 30_000))
      try await socket.send(.body(1, slow, ends: false))
      let filler = try Echo.request(EchoRequest(payload: [UInt8](repeating: 1, count: 16_000)))
      for _ in 0..<3 { try await socket.send(.body(1, filler, ends: false)) }
      try await Task.sleep(for: .milliseconds(200))
      let updates = HTTPSocket.windowUpdates(in: socket.observer.current.bytes, stream: 1)
      #expect(updates < 65_536)
    }
  }

  @Test("gzip is read, and answered where the caller compressed")
  func gzip() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      let message = try EchoRequest(text: String(repeating: "z", count: 4_000)).serializedBytes()
      let packed = try #require(message.withUnsafeBytes(Gzip.compress))
      try await socket.send(
        .call(1, with: [("grpc-encoding", "gzip"), ("grpc-accept-encoding", "identity,gzip")]),
        .body(1, [1] + UInt32(packed.readableBytes).octets + packed.readableBytesView))
      let (fields, body, _) = try await socket.response(1)
      #expect(fields["grpc-status"] == "0")
      #expect(fields["grpc-encoding"] == "gzip")
      #expect(body.first == 1)
      #expect(body.count < 500)
      let reply = try Gzip.decompress(ByteBuffer(bytes: body.dropFirst(5)), limit: 100_000)
      #expect(try EchoResponse(serializedBytes: [UInt8](buffer: reply)).text.count == 4_000)
    }
  }

  @Test("a deprecated method says so")
  func deprecated() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(
        .call(1, "/fixture.v1.EchoService/OldEcho"), .body(1, try Echo.request("x")))
      #expect(try await socket.response(1).fields["deprecation"] == "true")
    }
  }

  @Test("draining lets calls end, and tells which it took")
  func drain() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      try await socket.send(
        .call(1), .body(1, try Echo.request(EchoRequest(text: "late", delayMs: 2_000))))
      try await eventually { server.server.handler.noted { $0.started == 1 } }
      let running = server.server.server
      async let drained: Void = running.drain()
      let first = try #require(try await socket.next { $0.type == HTTP2WireFrame.goAway })
      #expect(first.payload.prefix(4) == [0x7F, 0xFF, 0xFF, 0xFF])
      let ping = try #require(try await socket.next { $0.type == HTTP2WireFrame.ping })
      try await socket.send(
        HTTP2WireFrame(type: HTTP2WireFrame.ping, flags: 1, payload: ping.payload))
      let second = try #require(try await socket.next { $0.type == HTTP2WireFrame.goAway })
      #expect(Array(second.payload.prefix(8)) == [0, 0, 0, 1, 0, 0, 0, 0])
      socket.rewind()
      #expect(Echo.text(try await socket.response(1).body) == "late")
      try await socket.end()
      await drained
    }
  }
}

extension HTTPSocket {
  /// The sum of what WINDOW_UPDATE frames for a stream grant.
  static func windowUpdates(in bytes: [UInt8], stream: UInt32) -> Int {
    var sum = 0
    var offset = 0
    while offset + 9 <= bytes.count {
      let length = bytes[offset..<(offset + 3)].reduce(0) { $0 << 8 | Int($1) }
      let id = bytes[(offset + 5)..<(offset + 9)].reduce(0) { $0 << 8 | UInt32($1) }
      if bytes[offset + 3] == HTTP2WireFrame.windowUpdate, id == stream {
        sum += bytes[(offset + 9)..<(offset + 13)].reduce(0) { $0 << 8 | Int($1) }
      }
      offset += 9 + length
    }
    return sum
  }
}
