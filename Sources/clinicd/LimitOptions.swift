import ArgumentParser
import RPCCore

/// The limits of the transport as options. Values outside a range move to its nearest end.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Open connections; 16384.", valueName: "count"))
  var maxConnections: Int?

  @Option(help: ArgumentHelp("Open connections from one address; 16384.", valueName: "count"))
  var maxConnectionsPerAddress: Int?

  @Option(help: ArgumentHelp("Calls under way on a connection; 256.", valueName: "count"))
  var maxCalls: Int?

  @Option(help: ArgumentHelp("Bytes of a call's header; 16384.", valueName: "bytes"))
  var maxHeader: Int?

  @Option(help: ArgumentHelp("Metadata entries of a call; 64.", valueName: "count"))
  var maxMetadata: Int?

  @Option(help: ArgumentHelp("Bytes of a message; 4194304.", valueName: "bytes"))
  var maxMessage: Int?

  @Option(help: ArgumentHelp("Bytes waiting on a connection; 16777216.", valueName: "bytes"))
  var maxConnectionMemory: Int?

  @Option(help: ArgumentHelp("Seconds for a TLS handshake; 10.", valueName: "seconds"))
  var handshakeTimeout: Int?

  @Option(help: ArgumentHelp("Seconds without a call; 600.", valueName: "seconds"))
  var idleTimeout: Int?

  @Option(
    help: ArgumentHelp(
      "Seconds of silence before a sign of life is asked; 60.", valueName: "seconds"))
  var keepAliveInterval: Int?

  @Option(help: ArgumentHelp("Seconds for the sign of life to come; 20.", valueName: "seconds"))
  var keepAliveTimeout: Int?

  @Option(
    help: ArgumentHelp(
      "Seconds between a caller's own signs of life over HTTP/2; 10.", valueName: "seconds"))
  var pingInterval: Int?

  @Option(help: ArgumentHelp("Seconds for calls to end at a stop; 30.", valueName: "seconds"))
  var drainTimeout: Int?

  /// The limits.
  func limits(from source: SettingsSource) throws -> ServerLimits {
    let standard = ServerLimits()
    let any = 0...Int(Int32.max)
    func number(_ flag: Int?, _ name: String) throws -> Int? {
      try source.number(flag, name, in: any)
    }
    func seconds(_ flag: Int?, _ name: String) throws -> Duration? {
      try number(flag, name).map { .seconds($0) }
    }
    return ServerLimits(
      connections: try number(maxConnections, "max-connections") ?? standard.connections,
      connectionsPerAddress: try number(maxConnectionsPerAddress, "max-connections-per-address")
        ?? standard.connectionsPerAddress,
      callsPerConnection: try number(maxCalls, "max-calls") ?? standard.callsPerConnection,
      headerBytes: try number(maxHeader, "max-header") ?? standard.headerBytes,
      metadataEntries: try number(maxMetadata, "max-metadata") ?? standard.metadataEntries,
      messageBytes: try number(maxMessage, "max-message") ?? standard.messageBytes,
      connectionBytes: try number(maxConnectionMemory, "max-connection-memory")
        ?? standard.connectionBytes,
      handshakeTimeout: try seconds(handshakeTimeout, "handshake-timeout")
        ?? standard.handshakeTimeout,
      idleTimeout: try seconds(idleTimeout, "idle-timeout") ?? standard.idleTimeout,
      keepAliveInterval: try seconds(keepAliveInterval, "keep-alive-interval")
        ?? standard.keepAliveInterval,
      keepAliveTimeout: try seconds(keepAliveTimeout, "keep-alive-timeout")
        ?? standard.keepAliveTimeout,
      pingInterval: try seconds(pingInterval, "ping-interval") ?? standard.pingInterval,
      drainTimeout: try seconds(drainTimeout, "drain-timeout") ?? standard.drainTimeout)
  }
}
