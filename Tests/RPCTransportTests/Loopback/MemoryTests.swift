import FixtureContracts
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Memory of connections", .timeLimit(.minutes(1)))
struct MemoryTests {
  @Test("announcing large frames and sending none of them costs a connection nothing")
  func announcedOnly() throws {
    var decoder = FrameDecoder(limits: FrameLimits(server: ServerLimits()))
    decoder.append(.header(.message, flags: .end, callID: 1, length: 4_194_304))
    #expect(try decoder.next() == nil)
    #expect(decoder.keptBytes == 0)
  }

  @Test("requests that a handler has read are forgotten")
  func keptBytes() async throws {
    let limits = ServerLimits(messageBytes: 131_072, connectionBytes: 262_144)
    try await TestServer.run(limits: limits) { server in
      try await server.withClient { client, _ in
        // Many times the connection's memory, in one stream and in calls.
        let payload = [UInt8](repeating: 1, count: 100_000)
        let reply = try await client.collect { writer in
          for _ in 0..<50 { try await writer.write(EchoRequest(payload: payload)) }
        }
        #expect(reply.index == 50)
        for _ in 0..<50 {
          let echo = try await client.echo(EchoRequest(payload: payload))
          #expect(echo.payload.count == 100_000)
        }
      }
    }
  }

  @Test("given-up streams with unread requests are forgotten too")
  func givenUpStreams() async throws {
    let limits = ServerLimits(messageBytes: 131_072, connectionBytes: 262_144)
    try await TestServer.run(limits: limits) { server in
      try await server.withSocket { socket in
        let large = EchoRequest(payload: [UInt8](repeating: 0, count: 60_000), delayMs: 60_000)
        for id in 1...30 as ClosedRange<UInt32> {
          try await socket.send(
            .call(EchoService.Methods.collect, id), .message(large, id, flags: []),
            .message(large, id, flags: []), Frame(.cancel, callID: id, payload: []))
        }
        try await socket.send(
          .call(EchoService.Methods.echo, 31), .message(EchoRequest(text: "on"), 31))
        #expect(try await socket.next()?.header.callID == 31)
      }
    }
  }
}
