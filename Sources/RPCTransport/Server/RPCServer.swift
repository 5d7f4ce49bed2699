public import Logging
public import NIOCore
internal import NIOHTTP1
internal import NIOHTTP2
internal import NIOPosix
public import RPCCore
internal import Synchronization

/// Serves the methods of a router on TCP.
///
/// `notStarted` → `running` (``start(on:)``) → `draining` (``drain()``) → `stopped`. Draining twice
/// waits twice for the same end.
public final class RPCServer: Sendable {
  private enum State {
    case notStarted
    case running([any Channel])
    case draining
    case stopped
  }

  /// What callers can make the server spend.
  public let limits: ServerLimits
  private let router: Router
  private let security: ServerSecurity
  private let origins: WebOrigins
  private let proxies: TrustedProxies
  private let group: any EventLoopGroup
  private let executors: LoopExecutors
  private let logger: Logger
  private let refusals: RefusalLog
  private let connections: ServerConnections
  private let state = Mutex(State.notStarted)

  /// The application protocols that a server speaks over TLS, in the order of its preference: what
  /// its TLS configuration names. Without any, the first byte of a caller decides between the first
  /// and the last.
  public static let applicationProtocols = ["clinic-rpc/1", "h2", "http/1.1"]

  /// Makes a server. Nothing happens before ``start(on:)``. `origins` are the web sites whose pages
  /// may call it from a browser, `proxies` the balancers that say whose connections they pass on.
  public init(
    router: Router, security: ServerSecurity, limits: ServerLimits = ServerLimits(),
    origins: WebOrigins = .none, proxies: TrustedProxies = .none, group: any EventLoopGroup,
    logger: Logger
  ) {
    self.router = router
    self.security = security
    self.origins = origins
    self.proxies = proxies
    self.limits = limits
    self.group = group
    self.executors = LoopExecutors(group: group)
    self.logger = logger
    self.refusals = RefusalLog(logger: logger)
    self.connections = ServerConnections(limits: limits)
  }

  /// Open connections, those in their handshake included.
  public var connectionCount: Int { connections.count }

  /// Listens, and serves until ``drain()``. Returns the ports, in the order of the addresses.
  /// Throws what the system says, such as that a port is taken.
  public func start(on addresses: [ListenAddress]) async throws -> [Int] {
    var channels: [any Channel] = []
    do {
      for address in addresses {
        channels.append(try await bootstrap().bind(host: address.host, port: address.port).get())
      }
    } catch {
      for channel in channels { try? await channel.close().get() }
      throw error
    }
    state.withLock { $0 = .running(channels) }
    return channels.map { $0.localAddress?.port ?? 0 }
  }

  /// Listens no more, lets calls in progress end for as long as ``ServerLimits/drainTimeout``,
  /// and closes what is open then. Cancelling the task that drains closes everything at once.
  public func drain() async {
    let listeners = state.withLock { state -> [any Channel] in
      guard case .running(let channels) = state else { return [] }
      state = .draining
      return channels
    }
    for channel in listeners { try? await channel.close().get() }
    connections.drain()
    let end = NIODeadline.uptimeNanoseconds(
      Deadline.after(limits.drainTimeout).uptimeNanoseconds)
    let timeout = group.next().scheduleTask(deadline: end) { [connections] in
      connections.closeAll()
    }
    await withTaskCancellationHandler {
      await connections.waitUntilEmpty()
    } onCancel: {
      connections.closeAll()
    }
    timeout.cancel()
    await executors.endIdleWorkers()
    state.withLock { $0 = .stopped }
  }

  private func bootstrap() -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(ChannelOptions.backlog, value: 1_024)
      .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(
        ChannelOptions.writeBufferWaterMark, value: .init(low: 131_072, high: 524_288)
      )
      .childChannelInitializer { [self] channel in
        let address = channel.remoteAddress?.ipAddress ?? "local"
        let isProxied = proxies.contains(address)
        guard connections.admit(channel, from: isProxied ? nil : address) else {
          refusals.note("too many connections", from: address)
          return channel.close()
        }
        return channel.eventLoop.makeCompletedFuture {
          if isProxied {
            try prepareProxied(channel, by: address)
          } else {
            try prepare(channel, from: address, port: channel.remoteAddress?.port)
          }
        }
      }
  }

  /// Builds the pipeline of a balancer's connection: its header first, then as for whom it names.
  private func prepareProxied(_ channel: any Channel, by proxy: String) throws {
    let handler = ProxyHeaderHandler(timeout: limits.handshakeTimeout) { [self] header in
      switch header {
      case .local:
        guard connections.assign(channel, to: proxy) else { return false }
        try prepare(channel, from: proxy, port: channel.remoteAddress?.port)
      case .source(let address, let port):
        guard connections.assign(channel, to: address) else {
          refusals.note("too many connections", from: address)
          return false
        }
        try prepare(channel, from: address, port: port)
      }
      return true
    } refuse: { [refusals] in
      refusals.note("no PROXY header of a trusted proxy", from: proxy)
    }
    try channel.pipeline.syncOperations.addHandler(handler)
  }

  /// Builds a connection's pipeline. On its loop.
  private func prepare(_ channel: any Channel, from address: String, port: Int?) throws {
    switch security {
    case .plaintext:
      let connection = makeConnection(
        channel,
        PeerInfo(
          address: address, port: port, tlsIdentity: nil, gate: ConnectionGate(channel: channel)))
      try channel.pipeline.syncOperations.addHandler(connection)
    case .tls(let provider):
      let timeout = Deadline(uptimeNanoseconds: 0)
        .advanced(by: limits.handshakeTimeout).uptimeNanoseconds
      let tls = try TLSServerHandler(
        context: provider.current,
        limits: TLSConnectionLimits(handshakeTimeout: .nanoseconds(Int64(timeout))))
      let negotiation = ServerNegotiationHandler { [self] handshake in
        let peer = PeerInfo(
          address: address, port: port, tlsIdentity: handshake.peer.map(TLSIdentity.init(peer:)),
          gate: ConnectionGate(channel: channel))
        return try makeHandlers(channel, peer, protocol: handshake.applicationProtocol)
      } refuse: { [refusals] error in
        refusals.note(error, from: address)
      }
      try channel.pipeline.syncOperations.addHandlers([tls, negotiation])
    }
  }

  /// The handlers of what was negotiated.
  private func makeHandlers(
    _ channel: any Channel, _ peer: PeerInfo, protocol name: String?
  ) throws -> [any ChannelHandler] {
    switch name {
    case "h2": makeHTTP2(channel, peer)
    case "http/1.1": makeHTTP1(channel, peer)
    case nil:
      [
        ProtocolSniffingHandler(timeout: limits.idleTimeout) { [self] isHTTP in
          isHTTP ? makeHTTP1(channel, peer) : [makeConnection(channel, peer)]
        } refuse: { [refusals] error in
          refusals.note(error, from: peer.address)
        }
      ]
    default: [makeConnection(channel, peer)]
    }
  }

  private func makeHTTPConnection(_ channel: any Channel, _ peer: PeerInfo) -> HTTPConnection {
    HTTPConnection(
      executor: executors.executor(for: channel.eventLoop), router: router, limits: limits,
      origins: origins, peer: peer, logger: logger, refusals: refusals)
  }

  private func makeHTTP2(_ channel: any Channel, _ peer: PeerInfo) -> [any ChannelHandler] {
    let shared = makeHTTPConnection(channel, peer)
    let farewell = HTTP2FarewellHandler()
    let connection = HTTP2ConnectionHandler(connection: shared, farewell: farewell)
    let configuration = NIOHTTP2Handler.Configuration(limits: limits)
    let codec = NIOHTTP2Handler(
      mode: .server, eventLoop: channel.eventLoop,
      connectionConfiguration: configuration.connection,
      streamConfiguration: configuration.stream
    ) { stream in
      stream.eventLoop.makeCompletedFuture { try connection.prepare(stream) }
    }
    return [FlushCollector(executor: shared.executor), farewell, codec, connection]
  }

  private func makeHTTP1(_ channel: any Channel, _ peer: PeerInfo) -> [any ChannelHandler] {
    [
      HTTPResponseEncoder(),
      ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
      HTTPServerPipelineHandler(), HTTPServerProtocolErrorHandler(),
      HTTP1Handler(connection: makeHTTPConnection(channel, peer))
    ]
  }

  private func makeConnection(_ channel: any Channel, _ peer: PeerInfo) -> ServerConnection {
    ServerConnection(
      executor: executors.executor(for: channel.eventLoop), router: router, limits: limits,
      peer: peer, logger: logger, refusals: refusals)
  }
}
