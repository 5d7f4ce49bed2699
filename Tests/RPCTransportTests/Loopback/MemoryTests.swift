import FixtureContracts
import NIOCore
import NIOEmbedded
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

  /// A buffer as the socket reads it: some bytes at the beginning of 64 KiB.
  private static func read(_ bytes: [UInt8]) -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: 65_536)
    buffer.writeBytes(bytes)
    return buffer
  }

  @Test("requests that wait take about as much memory as is counted, whatever they were read with")
  func storage() throws {
    let loop = EmbeddedEventLoop()
    var router = Router()
    router.register(EchoHandler())
    let connection = ServerConnection(
      executor: LoopExecutor(eventLoop: loop), router: router,
      limits: ServerLimits(messageBytes: 65_536, connectionBytes: 131_072),
      peer: PeerInfo(address: "test"), logger: TestServer.logger,
      refusals: RefusalLog(logger: TestServer.logger))
    let channel = EmbeddedChannel(handler: connection, loop: loop)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    // The handler's task never runs: this loop does not.
    try channel.writeInbound(Self.read([Frame.call(EchoService.Methods.collect, 1)].bytes))
    let message = try Frame.message(EchoRequest(text: "x"), 1, flags: [])
    for _ in 0..<200 { try channel.writeInbound(Self.read([message].bytes)) }
    let call = try #require(connection.calls[1])
    #expect(call.inbox.count == 200)
    let storage = call.inbox.reduce(0) { $0 + $1.storageCapacity }
    #expect(storage <= connection.keptBytes)
    // The beginning of one more.
    try channel.writeInbound(Self.read(Array([message].bytes.prefix(5))))
    #expect(connection.decoder.storageBytes <= 128)
    // The memory of one connection has an end, for the smallest messages too.
    for _ in 0..<2_000 where connection.calls[1] != nil {
      try channel.writeInbound(Self.read(Array([message].bytes.dropFirst(5))))
      try channel.writeInbound(Self.read(Array([message].bytes.prefix(5))))
    }
    #expect(connection.calls[1] == nil)
    #expect(connection.keptBytes == 0)
    _ = try channel.finish()
  }

  @Test("the same holds for the bodies of HTTP")
  func bodyStorage() throws {
    var decoder = EnvelopeDecoder(limit: 65_536)
    decoder.append(Self.read([0, 0, 0, 0, 9, 1]))
    #expect(decoder.storageBytes <= 128)
    decoder = EnvelopeDecoder(limit: 65_536)
    let large = HTTPCallStateMachineTests.envelope([UInt8](repeating: 1, count: 60_000))
    decoder.append(Self.read(large + [0, 0]))
    #expect(try decoder.next()?.message.readableBytes == 60_000)
    #expect(try decoder.next() == nil)
    #expect(decoder.keptBytes == 2)
    #expect(decoder.storageBytes <= 128)
    var machine = try HTTPCallStateMachineTests.open(
      HTTPCallStateMachineTests.head("application/json"), kind: .unary)
    machine.receiveBody(Self.read([1, 2, 3]))
    machine.receiveEnd()
    guard case .message(let bytes, _) = machine.nextRequest() else {
      Issue.record("there is no request")
      return
    }
    #expect(bytes.readableBytes == 3 && bytes.storageCapacity <= 128)
  }
}
