import NIOCore
import NIOPosix
import RPCTransport
import Synchronization

/// What a test wants to know about one end of a real connection, from any thread.
final class TLSObserver: Sendable {
  struct State {
    var bytes: [UInt8] = []
    var handshake: TLSHandshakeCompleted?
    var errors: [TLSError] = []
    var isInputClosed = false
    var isInactive = false
  }

  private let state = Mutex(State())

  var current: State { self.state.withLock { $0 } }

  func change(_ body: (inout State) -> Void) { self.state.withLock { body(&$0) } }

  /// Waits until something is so; fails after a generous while.
  @discardableResult
  func wait(_ what: String, until condition: (State) -> Bool) async throws -> State {
    for _ in 0..<3_000 {
      // Looked at in place: a copy would make the next append copy everything.
      let state = self.state.withLock { condition($0) ? $0 : nil }
      if let state { return state }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw TLSTestTimeout(what: what)
  }
}

struct TLSTestTimeout: Error {
  var what: String
}

/// The handler behind TLS: writes down what comes and, on a server, sends it back.
final class TLSObservingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let observer: TLSObserver
  private let isEcho: Bool

  init(_ observer: TLSObserver, isEcho: Bool) {
    self.observer = observer
    self.isEcho = isEcho
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = self.unwrapInboundIn(data)
    self.observer.change { $0.bytes += buffer.readableBytesView }
    if self.isEcho { context.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let completed = event as? TLSHandshakeCompleted {
      self.observer.change { $0.handshake = completed }
    }
    if case .some(.inputClosed) = event as? ChannelEvent {
      self.observer.change { $0.isInputClosed = true }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let error = error as? TLSError { self.observer.change { $0.errors.append(error) } }
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.observer.change { $0.isInactive = true }
  }
}

/// Real servers and clients on the loopback interface.
enum TLSTestSockets {
  static let group = MultiThreadedEventLoopGroup.singleton

  /// A server on a free port; the observer sees all its connections together.
  static func serve(
    _ provider: TLSServerContextProvider, observer: TLSObserver = TLSObserver(),
    isEcho: Bool = true,
    halfClosure: Bool = false, limits: TLSConnectionLimits = TLSConnectionLimits()
  ) async throws -> any Channel {
    try await ServerBootstrap(group: self.group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: halfClosure)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers(
            TLSServerHandler(context: provider.current, limits: limits),
            TLSObservingHandler(observer, isEcho: isEcho))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  static func connect(
    _ context: TLSClientContext, port: Int, observer: TLSObserver, serverName: String = "localhost",
    halfClosure: Bool = false
  ) async throws -> any Channel {
    try await ClientBootstrap(group: self.group)
      .channelOption(.allowRemoteHalfClosure, value: halfClosure)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers(
            TLSClientHandler(context: context, serverName: serverName),
            TLSObservingHandler(observer, isEcho: false))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
  }

  /// A connection without TLS.
  static func connectPlain(port: Int, observer: TLSObserver) async throws -> any Channel {
    try await ClientBootstrap(group: self.group)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            TLSObservingHandler(observer, isEcho: false))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
  }
}

extension Channel {
  /// The port a server listens on.
  var port: Int { self.localAddress?.port ?? 0 }

  func send(_ bytes: [UInt8]) async throws {
    try await self.writeAndFlush(ByteBuffer(bytes: bytes)).get()
  }
}
