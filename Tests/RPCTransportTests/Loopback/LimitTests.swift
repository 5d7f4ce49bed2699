import FixtureContracts
import ProtobufRuntime
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Server limits over a socket", .timeLimit(.minutes(1)))
struct LimitTests {
  @Test("as many connections as allowed are served, and one more is closed")
  func connections() async throws {
    try await TestServer.run(limits: ServerLimits(connections: 3)) { server in
      var open: [ClientConnection] = []
      for _ in 0..<3 {
        let connection = try await server.connect()
        _ = try await EchoService.Client(channel: connection).echo(EchoRequest(text: "a"))
        open.append(connection)
      }
      #expect(server.server.connectionCount == 3)
      let refused = try await server.withSocket { try await $0.rest() }
      #expect(refused == [])
      await open.removeLast().close()
      try await eventually { server.server.connectionCount == 2 }
      try await server.withClient { client, _ in _ = try await client.echo(EchoRequest()) }
      for connection in open { await connection.close() }
    }
  }

  @Test("as many connections from one address as allowed are served, and one more is closed")
  func connectionsPerAddress() async throws {
    try await TestServer.run(limits: ServerLimits(connectionsPerAddress: 1)) { server in
      try await server.withClient { client, _ in
        _ = try await client.echo(EchoRequest(text: "a"))
        #expect(try await server.withSocket { try await $0.rest() } == [])
      }
    }
  }

  @Test("as many calls as allowed are in progress, and one more is refused")
  func calls() async throws {
    try await TestServer.run(limits: ServerLimits(callsPerConnection: 2)) { server in
      try await server.withSocket { socket in
        for id in 1...3 as ClosedRange<UInt32> {
          try await socket.send(
            .call(EchoService.Methods.echo, id), .message(EchoRequest(delayMs: 50_000), id))
        }
        let refused = try #require(try await socket.next())
        #expect(refused.header.callID == 3)
        #expect(try refused.ending?.code == .resourceExhausted)
        #expect(try refused.ending?.reason == "TOO_MANY_CALLS")
        #expect(try refused.ending?.requestID?.isUUID == true)
        try await eventually { server.handler.noted { $0.started == 2 } }
      }
    }
  }

  @Test("a caller that heeds no refusal has every call answered, and is served again after")
  func heedless() async throws {
    try await TestServer.run(limits: ServerLimits(callsPerConnection: 1)) { server in
      try await server.withSocket { socket in
        try await socket.send(
          .call(EchoService.Methods.echo, 1), .message(EchoRequest(delayMs: 50_000), 1))
        // Far more than are free of the brake, so that the rest waits unread for a while.
        let count = UInt32(10 * RefusalBrakeStateMachine.free)
        for id in 2...(count + 1) {
          try await socket.send(
            .call(EchoService.Methods.echo, id), .message(EchoRequest(text: "a"), id))
        }
        for id in 2...(count + 1) {
          let refused = try #require(try await socket.next())
          #expect(refused.header.callID == id)
          #expect(try refused.ending?.reason == "TOO_MANY_CALLS")
        }
        try await socket.send(Frame(.cancel, callID: 1, payload: []))
        try await eventually { server.handler.noted { $0.cancelled == 1 } }
        let id = count + 2
        try await socket.send(
          .call(EchoService.Methods.echo, id), .message(EchoRequest(text: "a"), id))
        let reply = try #require(try await socket.next())
        #expect(reply.header.callID == id && reply.header.kind == .message)
      }
    }
  }

  @Test("a client waits with the calls that its limit does not let out")
  func clientCalls() async throws {
    try await TestServer.run(limits: ServerLimits(callsPerConnection: 2)) { server in
      try await server.withClient(limits: ClientLimits(callsPerConnection: 2)) {
        client, connection in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<100 {
            group.addTask { _ = try await client.echo(EchoRequest(delayMs: 1)) }
            group.addTask {
              _ = try await client.expand(EchoRequest(count: 3)) { replies in
                for try await _ in replies {}
              }
            }
          }
          try await group.waitForAll()
        }
        try await eventually { connection.callsInProgress == 0 }
      }
    }
  }

  @Test("given-up calls whose handlers go on still count")
  func givenUpCallsCount() async throws {
    let stubborn = StubbornInterceptor()
    try await TestServer.run(
      limits: ServerLimits(callsPerConnection: 2), interceptors: [stubborn]
    ) { server in
      try await server.withSocket { socket in
        for id in 1...2 as ClosedRange<UInt32> {
          try await socket.send(
            .call(EchoService.Methods.echo, id), .message(EchoRequest(), id),
            Frame(.cancel, callID: id, payload: []))
        }
        try await socket.send(.call(EchoService.Methods.echo, 3), .message(EchoRequest(), 3))
        #expect(try await socket.next()?.ending?.reason == "TOO_MANY_CALLS")
        stubborn.release()
        var id: UInt32 = 3
        var kind = FrameKind.status
        while kind != .message {
          id += 1
          try await socket.send(.call(EchoService.Methods.echo, id), .message(EchoRequest(), id))
          kind = try #require(try await socket.next()).header.kind
        }
      }
    }
  }

  @Test("a header of the greatest size opens a call, and a larger one ends the connection")
  func headerBytes() async throws {
    let limits = ServerLimits(headerBytes: 1_000)
    try await TestServer.run(limits: limits) { server in
      func header(_ size: Int) -> [UInt8] {
        let path = EchoService.Methods.echo.path
        let rest = CallOpening(method: path, authorization: "x").serializedBytes().count
        // One byte more for the length of a token over 127 bytes.
        return CallOpening(method: path, authorization: String(repeating: "x", count: size - rest))
          .serializedBytes()
      }
      #expect(header(1_000).count == 1_000)
      let atLimit = Frame(.call, callID: 1, payload: header(1_000))
      let above = Frame(.call, callID: 2, payload: header(1_001))
      try await server.withSocket { socket in
        try await socket.send(atLimit, .message(EchoRequest(text: "a"), 1))
        #expect(try await socket.next()?.header.kind == .message)
        #expect(try await socket.next()?.header.kind == .status)
        try await socket.send(above)
        let rest = try await socket.rest()
        #expect(try rest.map { try $0.farewell.code } == [.resourceExhausted])
      }
    }
  }

  @Test("a message of the greatest size is served, and a larger one ends the connection")
  func messageBytes() async throws {
    try await TestServer.run(limits: ServerLimits(messageBytes: 2_000)) { server in
      let size = { (count: Int) throws in
        try EchoRequest(payload: [UInt8](repeating: 0, count: count)).serializedBytes().count
      }
      #expect(try size(1_997) == 2_000)
      try await server.withSocket { socket in
        try await socket.send(
          .call(EchoService.Methods.echo, 1),
          .message(EchoRequest(payload: [UInt8](repeating: 0, count: 1_997)), 1))
        #expect(try await socket.next()?.payloadBytes.count == 2_000)
        #expect(try await socket.next()?.ending == nil)
        try await socket.send(
          .call(EchoService.Methods.echo, 2),
          .message(EchoRequest(payload: [UInt8](repeating: 0, count: 1_998)), 2))
        #expect(try await socket.rest().map { try $0.farewell.code } == [.resourceExhausted])
      }
    }
  }

  @Test("a reply that passes the limit is an error of its call, and the connection goes on")
  func replyBytes() async throws {
    try await TestServer.run(limits: ServerLimits(messageBytes: 2_000)) { server in
      try await server.withClient { client, _ in
        // Two texts of 1,200 bytes fit the requests and not the one reply.
        let error = await #expect(throws: RPCError.self) {
          try await client.collect { writer in
            for _ in 0..<2 {
              try await writer.write(EchoRequest(text: String(repeating: "x", count: 1_200)))
            }
          }
        }
        #expect(error?.code == .resourceExhausted)
        #expect(error?.reason == "REPLY_TOO_LARGE")
        _ = try await client.echo(EchoRequest(text: "on"))
      }
    }
  }

  @Test("as much metadata as allowed opens a call, and more is refused")
  func metadata() async throws {
    try await TestServer.run(limits: ServerLimits(metadataEntries: 3)) { server in
      try await server.withClient { client, _ in
        var options = CallOptions()
        for index in 0..<3 { options.metadata.add("v", for: "name-\(index)") }
        _ = try await client.echo(EchoRequest(), options: options)
        options.metadata.add("v", for: "one-more")
        let error = await #expect(throws: RPCError.self) {
          try await client.echo(EchoRequest(), options: options)
        }
        #expect(error?.reason == "TOO_MUCH_METADATA")
      }
    }
  }

  @Test("values outside a limit's range are moved into it")
  func ranges() {
    let least = ServerLimits(
      connections: 0, connectionsPerAddress: 0, callsPerConnection: 0, headerBytes: 0,
      metadataEntries: -1, messageBytes: 0, connectionBytes: 0, handshakeTimeout: .zero,
      idleTimeout: .zero, keepAliveInterval: .zero, keepAliveTimeout: .zero,
      drainTimeout: .seconds(-1))
    #expect(least.connections == 1)
    #expect(least.callsPerConnection == 1)
    #expect(least.headerBytes == 256)
    #expect(least.metadataEntries == 0)
    #expect(least.messageBytes == 1_024)
    #expect(least.connectionBytes == 2_048)
    #expect(least.handshakeTimeout == .milliseconds(100))
    #expect(least.idleTimeout == .seconds(1))
    #expect(least.drainTimeout == .zero)
    let most = ServerLimits(
      connections: .max, connectionsPerAddress: .max, callsPerConnection: .max, headerBytes: .max,
      metadataEntries: .max, messageBytes: .max, connectionBytes: .max)
    #expect(most.connections == 1_000_000)
    #expect(most.callsPerConnection == 65_536)
    #expect(most.headerBytes == 65_536)
    #expect(most.messageBytes == 67_108_864)
    #expect(most.connectionBytes == 1_073_741_824)
    #expect("\(most)".contains("message_bytes=67108864"))
  }
}
