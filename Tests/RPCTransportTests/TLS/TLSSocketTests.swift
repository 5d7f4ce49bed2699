import NIOCore
import NIOPosix
import RPCTransport
import Synchronization
import Testing

@testable import RPCTransport

@Suite("TLS over real sockets")
struct TLSSocketTests {
  private let authority: TLSTestAuthority
  private let provider: TLSServerContextProvider
  private let client: TLSClientContext

  init() throws {
    self.authority = try TLSTestAuthority()
    self.provider = try TLSServerContextProvider(
      TLSServerConfiguration(
        credentials: self.authority.server().credentials, applicationProtocols: ["clinic-rpc/1"]))
    self.client = try TLSClientContext(
      TLSClientConfiguration(
        trust: self.authority.trust, applicationProtocols: ["clinic-rpc/1"]))
  }

  @Test("echoes 50 MB through a slow reader without keeping it in memory")
  func largeTransfer() async throws {
    let server = try await TLSTestSockets.serve(self.provider)
    let observer = TLSObserver()
    let channel = try await TLSTestSockets.connect(
      self.client, port: server.port, observer: observer)
    let total = 50 << 20
    let piece = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    async let written: Void = {
      for _ in 0..<(total / piece.count) { try await channel.send(piece) }
    }()
    // A reader that pauses: the server's socket fills up and its handler has to wait.
    for _ in 0..<5 {
      try await channel.setOption(.autoRead, value: false).get()
      try await Task.sleep(for: .milliseconds(50))
      try await channel.setOption(.autoRead, value: true).get()
      try await Task.sleep(for: .milliseconds(20))
    }
    try await written
    let state = try await observer.wait("the echo") { $0.bytes.count >= total }
    #expect(state.bytes.count == total)
    #expect(state.errors.isEmpty)
    for start in stride(from: 0, to: total, by: piece.count) {
      try #require(state.bytes[start..<(start + piece.count)].elementsEqual(piece), "at \(start)")
    }
    try await channel.close().get()
    try await server.close().get()
  }

  @Test("a close is a goodbye on both sides, with no truncation")
  func goodbye() async throws {
    let serverSide = TLSObserver()
    let server = try await TLSTestSockets.serve(self.provider, observer: serverSide)
    let observer = TLSObserver()
    let channel = try await TLSTestSockets.connect(
      self.client, port: server.port, observer: observer)
    try await channel.send(Array("bye".utf8))
    try await observer.wait("the echo") { $0.bytes.count == 3 }
    try await channel.close().get()
    let state = try await serverSide.wait("the end") { $0.isInactive }
    #expect(state.errors.isEmpty)
    try await observer.wait("our end") { $0.isInactive }
    #expect(observer.current.errors.isEmpty)
    try await server.close().get()
  }

  @Test("a connection that is cut is a truncation")
  func truncation() async throws {
    let serverSide = TLSObserver()
    let server = try await TLSTestSockets.serve(self.provider, observer: serverSide)
    let observer = TLSObserver()
    let channel = try await TLSTestSockets.connect(
      self.client, port: server.port, observer: observer)
    try await channel.send(Array("cut".utf8))
    try await observer.wait("the echo") { $0.bytes.count == 3 }
    // Closes below TLS.
    try await channel.eventLoop.flatSubmit {
      let tls = try! channel.pipeline.syncOperations.context(handlerType: TLSClientHandler.self)
      return channel.eventLoop.makeCompletedFuture { tls.close(mode: .all, promise: nil) }
    }.get()
    let state = try await serverSide.wait("the end") { $0.isInactive }
    #expect(state.errors.map(\.code) == [.truncated])
    try await server.close().get()
  }

  @Test(
    "half closure: one side is done, the other still sends", arguments: [TLSVersion.v1_2, .v1_3])
  func halfClosure(version: TLSVersion) async throws {
    let serverSide = TLSObserver()
    let provider = try TLSServerContextProvider(
      TLSServerConfiguration(
        credentials: self.authority.server().credentials, minimumVersion: version))
    let server = try await TLSTestSockets.serve(
      provider, observer: serverSide, isEcho: false, halfClosure: true)
    let accepted = AcceptedChannel()
    try await server.pipeline.addHandler(accepted, position: .first).get()
    let observer = TLSObserver()
    let channel = try await TLSTestSockets.connect(
      self.client, port: server.port, observer: observer, halfClosure: true)
    try await channel.send(Array("question".utf8))
    try await channel.close(mode: .output).get()
    try await serverSide.wait("the goodbye") { $0.isInputClosed }
    #expect(serverSide.current.bytes == Array("question".utf8))
    let serverChannel = try #require(accepted.channel)
    try await serverChannel.send(Array("answer".utf8))
    try await observer.wait("the answer") { $0.bytes == Array("answer".utf8) }
    await #expect(throws: (any Error).self) { try await channel.send([1]) }
    try await serverChannel.close(mode: .output).get()
    try await observer.wait("the end") { $0.isInactive }
    try await serverSide.wait("the end") { $0.isInactive }
    #expect(observer.current.errors.isEmpty)
    #expect(serverSide.current.errors.isEmpty)
    try await server.close().get()
  }

  @Test("plain text on the TLS port gets an alert, then the connection closes")
  func plainText() async throws {
    let serverSide = TLSObserver()
    let server = try await TLSTestSockets.serve(self.provider, observer: serverSide)
    let observer = TLSObserver()
    let channel = try await TLSTestSockets.connectPlain(port: server.port, observer: observer)
    // More than the server reads at once, so that closing too early would lose the alert. The rest of
    // it may meet a closed connection, so whether all was written does not matter.
    let noise = Array("GET / HTTP/1.1\r\n\r\n".utf8) + [UInt8](repeating: 0x41, count: 300_000)
    channel.writeAndFlush(ByteBuffer(bytes: noise), promise: nil)
    let state = try await observer.wait("the end") { $0.isInactive }
    #expect(state.bytes == [21, 3, 3, 0, 2, 2, 10])
    #expect(serverSide.current.errors.map(\.code) == [.handshakeFailed])
    try await server.close().get()
  }

  @Test("a client that says nothing is sent away after the handshake's time")
  func silence() async throws {
    let serverSide = TLSObserver()
    let server = try await TLSTestSockets.serve(
      self.provider, observer: serverSide,
      limits: TLSConnectionLimits(
        handshakeTimeout: .milliseconds(200), closeTimeout: .milliseconds(100)))
    let observer = TLSObserver()
    _ = try await TLSTestSockets.connectPlain(port: server.port, observer: observer)
    try await observer.wait("the end") { $0.isInactive }
    #expect(serverSide.current.errors.map(\.code) == [.handshakeTimedOut])
    try await server.close().get()
  }

  @Test("a handshake goes through on a channel that does not read by itself")
  func manualReads() async throws {
    let server = try await TLSTestSockets.serve(self.provider)
    let observer = TLSObserver()
    let channel = try await ClientBootstrap(group: TLSTestSockets.group)
      .channelOption(.autoRead, value: false)
      .channelInitializer { [client] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers(
            TLSClientHandler(context: client, serverName: "localhost"),
            TLSObservingHandler(observer, isEcho: false))
        }
      }
      .connect(host: "127.0.0.1", port: server.port).get()
    try await observer.wait("the handshake") { $0.handshake != nil }
    try await channel.send(Array("asked for".utf8))
    try await Task.sleep(for: .milliseconds(50))
    // One read that is asked for has to bring data, although tickets come first.
    channel.read()
    try await observer.wait("the echo") { $0.bytes == Array("asked for".utf8) }
    try await channel.close().get()
    try await server.close().get()
  }

  @Test("many connections at once each get their own bytes")
  func manyConnections() async throws {
    let server = try await TLSTestSockets.serve(self.provider)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<64 {
        group.addTask { [client] in
          let observer = TLSObserver()
          let channel = try await TLSTestSockets.connect(
            client, port: server.port, observer: observer)
          var expected: [UInt8] = []
          for round in 0..<50 {
            let bytes = [UInt8](repeating: UInt8(index), count: 1 + round * 17)
            expected += bytes
            try await channel.send(bytes)
          }
          let all = expected
          let state = try await observer.wait("the echo") { $0.bytes.count >= all.count }
          #expect(state.bytes == all)
          try await channel.close().get()
        }
      }
      try await group.waitForAll()
    }
    try await server.close().get()
  }
}

/// Keeps the last accepted connection of a server.
final class AcceptedChannel: ChannelInboundHandler, Sendable {
  typealias InboundIn = any Channel

  private let accepted = Mutex<(any Channel)?>(nil)

  var channel: (any Channel)? { self.accepted.withLock { $0 } }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let channel = self.unwrapInboundIn(data)
    self.accepted.withLock { $0 = channel }
    context.fireChannelRead(data)
  }
}
