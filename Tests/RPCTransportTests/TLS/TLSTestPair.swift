import NIOCore
import NIOEmbedded
import RPCTransport

/// Writes down everything a handler behind TLS gets to see.
final class TLSRecorder: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private(set) var bytes: [UInt8] = []
  private(set) var reads = 0
  private(set) var handshake: TLSHandshakeCompleted?
  private(set) var errors: [any Error] = []
  private(set) var isInputClosed = false
  private(set) var isInactive = false

  var error: TLSError? { self.errors.first as? TLSError }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    self.reads += 1
    self.bytes += self.unwrapInboundIn(data).readableBytesView
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let completed = event as? TLSHandshakeCompleted { self.handshake = completed }
    if case .some(.inputClosed) = event as? ChannelEvent { self.isInputClosed = true }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { self.errors.append(error) }

  func channelInactive(context: ChannelHandlerContext) {
    self.isInactive = true
    context.fireChannelInactive()
  }
}

/// A client and a server without sockets: the test carries the bytes.
final class TLSTestPair {
  /// One end.
  struct End {
    let channel: EmbeddedChannel
    let recorder = TLSRecorder()

    init(_ handler: some ChannelHandler, _ loop: EmbeddedEventLoop) throws {
      self.channel = EmbeddedChannel(loop: loop)
      try self.channel.pipeline.syncOperations.addHandlers(handler, self.recorder)
    }

    func connect() throws {
      self.channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
    }

    func send(_ bytes: [UInt8]) {
      self.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// The ciphertext that waits to be carried.
    func takeOutput() throws -> [UInt8] {
      var bytes: [UInt8] = []
      while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) {
        bytes += buffer.readableBytesView
      }
      return bytes
    }

    func receive(_ bytes: some Collection<UInt8>) throws {
      self.channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
      self.channel.pipeline.fireChannelReadComplete()
    }
  }

  let loop = EmbeddedEventLoop()
  let server: End
  let client: End

  init(
    server: TLSServerContext, client: TLSClientContext, serverName: String = "localhost",
    limits: TLSConnectionLimits = TLSConnectionLimits()
  ) throws {
    self.server = try End(TLSServerHandler(context: server, limits: limits), self.loop)
    self.client = try End(
      TLSClientHandler(context: client, serverName: serverName, limits: limits), self.loop)
  }

  /// A pair that trusts each other, with changes.
  convenience init(
    authority: TLSTestAuthority? = nil,
    serverName: String = "localhost",
    limits: TLSConnectionLimits = TLSConnectionLimits(),
    server adjustServer: (inout TLSServerConfiguration) throws -> Void = { _ in },
    client adjustClient: (inout TLSClientConfiguration) throws -> Void = { _ in }
  ) throws {
    let authority = try authority ?? TLSTestAuthority()
    var server = TLSServerConfiguration(
      credentials: try authority.server().credentials, applicationProtocols: ["clinic-rpc/1"])
    var client = TLSClientConfiguration(
      trust: authority.trust, applicationProtocols: ["clinic-rpc/1"])
    try adjustServer(&server)
    try adjustClient(&client)
    try self.init(
      server: TLSServerContext(server), client: TLSClientContext(client), serverName: serverName,
      limits: limits)
  }

  /// Connects both ends and carries bytes until nobody has anything to say.
  func handshake() throws {
    try self.server.connect()
    try self.client.connect()
    try self.carry()
  }

  /// Carries bytes both ways, in pieces of at most `pieces` bytes.
  func carry(pieces: Int = .max) throws {
    while true {
      let up = try self.client.takeOutput()
      let down = try self.server.takeOutput()
      if up.isEmpty && down.isEmpty { return }
      try Self.deliver(up, to: self.server, pieces: pieces)
      try Self.deliver(down, to: self.client, pieces: pieces)
    }
  }

  static func deliver(_ bytes: [UInt8], to end: End, pieces: Int = .max) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(pieces)
      rest = rest.dropFirst(piece.count)
      try end.receive(piece)
    }
  }
}
