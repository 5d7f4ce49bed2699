import FixtureContracts
import ProtobufRuntime
import RPCCore
import Testing

@testable import RPCTransport

@Suite("The life of a connection", .timeLimit(.minutes(1)))
struct ConnectionLifeTests {
  @Test("a ping is answered with its own value")
  func ping() async throws {
    try await TestServer.run { server in
      try await server.withSocket { socket in
        try await socket.send(Frame(.ping, payload: [1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(try await socket.next() == Frame(.pong, payload: [1, 2, 3, 4, 5, 6, 7, 8]))
      }
    }
  }

  @Test("a silent connection is asked for a sign of life, and closed without one")
  func keepAlive() async throws {
    let limits = ServerLimits(
      keepAliveInterval: .milliseconds(100), keepAliveTimeout: .milliseconds(100))
    try await TestServer.run(limits: limits) { server in
      let frames = try await server.withSocket { try await $0.rest() }
      #expect(frames.map(\.header.kind) == [.ping])
    }
  }

  @Test("a client gives signs of life by itself")
  func clientAnswers() async throws {
    let limits = ServerLimits(
      keepAliveInterval: .milliseconds(100), keepAliveTimeout: .seconds(20))
    try await TestServer.run(limits: limits) { server in
      try await server.withClient { client, _ in
        _ = try await client.echo(EchoRequest(delayMs: 500))
      }
    }
  }

  @Test("a client gives up a server that shows no sign of life")
  func deadServer() async throws {
    try await SilentServer.run { port in
      let limits = ClientLimits(
        keepAliveInterval: .milliseconds(100), keepAliveTimeout: .milliseconds(100))
      let connection = try await TestServer.connect(to: port, limits: limits)
      let error = await #expect(throws: RPCError.self) {
        try await EchoService.Client(channel: connection).echo(EchoRequest())
      }
      #expect(error?.code == .unavailable)
    }
  }

  @Test("a connection without calls ends gracefully after a while")
  func idle() async throws {
    try await TestServer.run(limits: ServerLimits(idleTimeout: .seconds(5))) { server in
      // Sent by the socket's own thread, which nothing keeps waiting.
      let call = [
        Frame.call(EchoService.Methods.echo, 1), try .message(EchoRequest(delayMs: 5_500), 1)
      ]
      let frames = try await server.withSocket(greeting: call.bytes) { try await $0.rest() }
      #expect(frames.map(\.header.kind) == [.message, .status, .goAway])
      #expect(try frames.last?.farewell.code == .ok)
      #expect(try frames.last?.farewell.lastCallID == 1)
    }
  }

  @Test("draining lets calls in progress end, refuses new ones, and then closes")
  func drain() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      let client = EchoService.Client(channel: connection)
      async let reply = client.echo(EchoRequest(text: "late", delayMs: 300))
      try await eventually { server.handler.noted { $0.started == 1 } }
      async let drained: Void = server.server.drain()
      try await eventually { !connection.isUsable }
      let refused = await #expect(throws: RPCError.self) { try await client.echo(EchoRequest()) }
      #expect(refused?.code == .unavailable)
      #expect(refused?.wasNotStarted == true)
      #expect(try await reply.text == "late")
      await drained
      #expect(server.server.connectionCount == 0)
      // By now another test's server may have the port: what counts is that this one takes nobody.
      await (try? server.connect())?.close()
      #expect(server.server.connectionCount == 0)
    }
  }

  @Test("draining ends what goes on for too long")
  func drainTimeout() async throws {
    let limits = ServerLimits(drainTimeout: .milliseconds(100))
    try await TestServer.run(limits: limits) { server in
      let connection = try await server.connect()
      let client = EchoService.Client(channel: connection)
      let reply = Task { try await client.echo(EchoRequest(delayMs: 50_000)) }
      try await eventually { server.handler.noted { $0.started == 1 } }
      await server.server.drain()
      let error = await #expect(throws: RPCError.self) { try await reply.value }
      #expect(error?.code == .unavailable)
      try await eventually { server.handler.noted { $0.cancelled == 1 } }
    }
  }

  @Test("calls that crossed the announcement were not started")
  func crossed() async throws {
    let farewell = Farewell(lastCallID: 0, code: .ok, message: "bye")
    let greeting = Frame(.goAway, payload: farewell.serializedBytes()).bytes
    try await SilentServer.run(greeting: greeting) { port in
      let connection = try await TestServer.connect(to: port)
      let error = await #expect(throws: RPCError.self) {
        try await EchoService.Client(channel: connection).echo(EchoRequest())
      }
      #expect(error?.wasNotStarted == true)
    }
  }

  @Test(
    "garbage gets one answer: an error, and the end",
    arguments: [
      Array("GET / HTTP/1.1\r\nHost: clinic\r\n\r\n".utf8),
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [0xFF, 0xFF, 0xFF, 0xFF, 2, 1, 0, 0, 0, 0, 0, 1],
      [0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 1],
      [0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 1],
      [0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03, 0x00]
    ] as [[UInt8]])
  func garbage(bytes: [UInt8]) async throws {
    try await TestServer.run { server in
      let frames = try await server.withSocket { socket in
        try await socket.send(bytes)
        return try await socket.rest()
      }
      #expect(frames.map(\.header.kind) == [.goAway])
      #expect(try frames.first?.farewell.code != .ok)
      try await server.withClient { client, _ in _ = try await client.echo(EchoRequest()) }
    }
  }

  @Test(
    "broken rules end the calls in progress too", arguments: ["same id", "lower id", "after END"])
  func brokenRules(rule: String) async throws {
    try await TestServer.run { server in
      try await server.withSocket { socket in
        try await socket.send(
          .call(EchoService.Methods.echo, 5), .message(EchoRequest(delayMs: 50_000), 5))
        try await eventually { server.handler.noted { $0.started == 1 } }
        switch rule {
        case "same id": try await socket.send(.call(EchoService.Methods.echo, 5))
        case "lower id": try await socket.send(.call(EchoService.Methods.echo, 4))
        default: try await socket.send(.message(EchoRequest(), 5))
        }
        let frames = try await socket.rest()
        #expect(frames.map(\.header.kind) == [.goAway])
        #expect(try frames.first?.farewell.code == .invalidArgument)
        #expect(try frames.first?.farewell.lastCallID == 5)
      }
      try await eventually { server.handler.noted { $0.cancelled == 1 } }
    }
  }

  @Test("a header or request that cannot be decoded is an error of its call alone")
  func undecodable() async throws {
    try await TestServer.run { server in
      try await server.withSocket { socket in
        try await socket.send(Frame(.call, callID: 1, payload: [0xFF, 0xFF]))
        let malformed = try await socket.next()?.ending
        #expect(malformed?.reason == "MALFORMED_HEADER")
        #expect(malformed?.requestID?.isUUID == true)
        try await socket.send(.call(EchoService.Methods.echo, 2, requestID: "nonsense\n"))
        #expect(try await socket.next()?.ending?.fieldViolations.map(\.field) == ["request_id"])
        try await socket.send(
          .call(EchoService.Methods.echo, 3),
          Frame(.message, flags: .end, callID: 3, payload: [0xFF, 0xFF]))
        #expect(try await socket.next()?.ending?.reason == "MALFORMED_MESSAGE")
        try await socket.send(
          .call(EchoService.Methods.echo, 4),
          Frame(.message, flags: [.end, .bare], callID: 4, payload: []))
        #expect(try await socket.next()?.ending?.reason == "REQUEST_COUNT")
        try await socket.send(
          .call(EchoService.Methods.echo, 5), .message(EchoRequest(text: "on"), 5))
        #expect(try await socket.next()?.header.kind == .message)
      }
    }
  }

  @Test("noise does not crash the server", arguments: [UInt64(1), 2, 3])
  func noise(seed: UInt64) async throws {
    try await TestServer.run { server in
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<40 {
        var bytes: [UInt8] = []
        for id in 1...4 as ClosedRange<UInt32> {
          let method = EchoService.Methods.all.randomElement(using: &generator)!
          bytes += Frame.call(method, id).bytes
          bytes += try Frame.message(EchoRequest(text: "x", count: 3), id, flags: []).bytes
        }
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          bytes[place] = .random(in: 0...255, using: &generator)
        }
        let noise = bytes
        try await server.withSocket { try await $0.send(noise) }
      }
      try await server.withClient { client, _ in
        let reply = try await client.echo(EchoRequest(text: "on"))
        #expect(reply.text == "on")
      }
      try await eventually { server.server.connectionCount == 0 }
    }
  }

  @Test("a client ends the connection of a server that sends garbage")
  func garbageToClient() async throws {
    try await SilentServer.run(greeting: Array("220 mail.example.org ESMTP\r\n".utf8)) { port in
      let connection = try await TestServer.connect(to: port)
      await #expect(throws: RPCError.self) {
        try await EchoService.Client(channel: connection).echo(EchoRequest())
      }
      try await eventually { !connection.isUsable }
    }
  }
}
