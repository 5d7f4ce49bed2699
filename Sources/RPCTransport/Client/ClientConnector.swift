package import Logging
package import NIOCore
internal import NIOPosix
package import RPCCore

/// Opens connections to a server.
package struct ClientConnector: Sendable {
  /// Where the server listens.
  package let host: String
  /// The port.
  package let port: Int
  private let security: ClientSecurity
  private let limits: ClientLimits
  private let logger: Logger

  package init(
    host: String, port: Int, security: ClientSecurity, limits: ClientLimits, logger: Logger
  ) {
    self.host = host
    self.port = port
    self.security = security
    self.limits = limits
    self.logger = logger
  }

  /// Opens a connection on an executor's loop. The future fails with an ``RPCError`` of the code
  /// unavailable.
  package func connect(on executor: LoopExecutor) -> EventLoopFuture<ClientConnection> {
    let eventLoop = executor.eventLoop
    let ready = eventLoop.makePromise(of: ClientConnection.self)
    let nanoseconds = Deadline(uptimeNanoseconds: 0)
      .advanced(by: limits.connectTimeout).uptimeNanoseconds
    let timeout = TimeAmount.nanoseconds(Int64(nanoseconds))
    let connection = ClientConnection(executor: executor, limits: limits, logger: logger)
    let channel = ClientBootstrap(group: eventLoop)
      .connectTimeout(timeout)
      .channelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        eventLoop.makeCompletedFuture { try prepare(channel, connection, timeout, ready) }
      }
      .connect(host: host, port: port)
    channel.whenFailure { ready.fail(Self.failure($0)) }
    if case .plaintext = security {
      channel.whenSuccess { _ in ready.succeed(connection) }
    }
    return ready.futureResult
  }

  private func prepare(
    _ channel: any Channel, _ connection: ClientConnection, _ timeout: TimeAmount,
    _ ready: EventLoopPromise<ClientConnection>
  ) throws {
    let operations = channel.pipeline.syncOperations
    switch security {
    case .plaintext:
      try operations.addHandler(connection.handler)
    case .tls(let context, let serverName):
      let tls = try TLSClientHandler(
        context: context, serverName: serverName ?? host,
        limits: TLSConnectionLimits(handshakeTimeout: timeout))
      let negotiation = ClientNegotiationHandler(handler: connection.handler) { result in
        switch result {
        case .success: ready.succeed(connection)
        case .failure(let error): ready.fail(Self.failure(error))
        }
      }
      try operations.addHandlers([tls, negotiation])
    }
  }

  /// What a caller is told of a connection that could not be made.
  static func failure(_ error: any Error) -> RPCError {
    if let error = error as? RPCError { return error }
    return RPCError(
      code: .unavailable, message: "The server cannot be reached: \(error)",
      cause: ConnectFailure(underlying: error))
  }
}

/// The cause of an error on a call for which no connection could be made.
package struct ConnectFailure: Error {
  /// What the system or TLS said.
  package let underlying: any Error
}
