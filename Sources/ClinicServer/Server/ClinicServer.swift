package import Logging
internal import NIOCore
internal import NIOPosix
internal import PostgresClient
internal import RPCCore
internal import RPCTransport
internal import ServiceLifecycle
internal import StandardServices
internal import UnixSignals

/// The whole server: database, keys, services and transport, started in order and stopped in the
/// opposite one.
package enum ClinicServer {
  /// Serves until a signal or the task's cancellation, then drains.
  ///
  /// - Parameters:
  ///   - handlesSignals: SIGTERM and SIGINT drain, SIGHUP reads the certificates again.
  ///   - ready: is told `HOST:PORT` when calls are taken.
  /// - Throws: ``ServerStartupError`` where the server cannot start.
  package static func run(
    _ configuration: ServerConfiguration, logger: Logger, handlesSignals: Bool = true,
    ready: @escaping @Sendable (String) -> Void
  ) async throws {
    let proxies = try proxies(configuration.trustedProxies)
    let certificates = try ServerCertificates(configuration, logger: logger)
    let stop = StopRequest()
    try await stop.heeding(handlesSignals ? [.sigterm, .sigint] : []) {
      try await DatabaseSetup.withDatabase(configuration, logger: logger) { url in
        try await serve(
          configuration, databaseURL: url, certificates: certificates, proxies: proxies,
          logger: logger, readsCertificatesOnSignal: handlesSignals, stop: stop, ready: ready)
      }
    }
  }

  private static func serve(
    _ configuration: ServerConfiguration, databaseURL: String, certificates: ServerCertificates,
    proxies: TrustedProxies, logger: Logger, readsCertificatesOnSignal: Bool, stop: StopRequest,
    ready: @escaping @Sendable (String) -> Void
  ) async throws {
    var settings = PostgresConfiguration(connectionString: databaseURL)
    settings.applicationName = "clinicd"
    settings.sharedConnections = configuration.sharedConnections
    settings.leasedConnections = configuration.leasedConnections
    settings.atEndOfTurn = LoopExecutor.atEndOfTurn
    let client = try PostgresClient(configuration: settings, logger: logger)
    let limits = try limits(configuration, logger: logger)
    let group = MultiThreadedEventLoopGroup(
      // A core is kept busy by the thread that talks to the database, and by the database.
      numberOfThreads: configuration.threads ?? max(1, System.coreCount - 1))
    let poster = try poster(configuration.webhooks, group: group)
    try await client.withRunning {
      let parts = try await ServerParts.make(
        configuration: configuration, client: client, poster: poster, logger: logger)
      let server = RPCServer(
        router: parts.router, security: .tls(certificates.provider), limits: limits,
        origins: WebOrigins(configuration.webOrigins),
        proxies: proxies, group: group, logger: logger)
      let transport = TransportPart(
        server: server, status: parts.status,
        address: ListenAddress(host: configuration.host, port: configuration.port),
        callLimits: configuration.callLimits,
        logger: logger, ready: ready)
      var services: [any Service] = [
        BackgroundPart(name: "read log") { await parts.database.readLog.run() },
        BackgroundPart(name: "announcements") { await parts.database.announcer.run() },
        BackgroundPart(name: "usage") { await parts.meters.run() },
        BackgroundPart(name: "sessions") { try await parts.directory.run() },
        BackgroundPart(name: "uses of keys") { await parts.apiKeys.run() },
        BackgroundPart(name: "timers") { await parts.timers.run() },
        BackgroundPart(name: "webhooks") { await parts.webhooks.run() },
        BackgroundPart(name: "keys") { try await parts.rotateKeys() },
        BackgroundPart(name: "housekeeping") { await parts.housekeeping.run() },
        BackgroundPart(name: "health") {
          await DatabaseHealth(database: parts.database, status: parts.status, logger: logger).run()
        },
        BackgroundPart(name: "certificates") {
          await certificates.run(onSignal: readsCertificatesOnSignal)
        }
      ]
      if configuration.demo {
        try await DemoClinics.ensure(configuration: configuration, parts: parts, logger: logger)
      }
      services.append(transport)
      // Stopped first: the watches end, so that their connections can drain.
      services.append(BackgroundPart(name: "changes") { await parts.changes.run() })
      let running = ServiceGroup(services: services, logger: logger)
      stop.drains(running)
      try await running.run()
      await parts.meters.settleAll()
      await parts.database.readLog.flush()
      await parts.apiKeys.flush()
      await parts.database.announcer.flush()
    }
    try await poster.shutdown()
    try await group.shutdownGracefully()
  }

  private static func proxies(_ addresses: [String]) throws -> TrustedProxies {
    TrustedProxies(
      try addresses.map { text in
        guard let block = AddressBlock(text) else {
          throw ServerStartupError(
            .invalidConfiguration,
            "trusted-proxies has \"\(text)\"; it must be an address, or a block as 10.0.0.0/8.")
        }
        return block
      })
  }

  /// The limits of the transport, with as many connections as there can be files.
  private static func limits(
    _ configuration: ServerConfiguration, logger: Logger
  ) throws -> ServerLimits {
    let files = OpenFiles.raiseLimit()
    let connections = OpenFiles.connections(of: files, for: configuration)
    guard connections > 0 else {
      throw ServerStartupError(
        .invalidConfiguration,
        "This process may open \(files) files, which is too few: see ulimit -n.")
    }
    let limits = configuration.limits.with(connectionsAtMost: connections)
    logger.log(
      level: limits == configuration.limits ? .info : .warning, "open files",
      metadata: ["limit": "\(files)", "connections": "\(limits.connections)"])
    return limits
  }

  private static func poster(
    _ settings: WebhookSettings, group: MultiThreadedEventLoopGroup
  ) throws -> HTTPPoster {
    var configuration = HTTPPoster.Configuration()
    if let file = settings.certificateAuthority { configuration.trust = .file(file) }
    configuration.allowsPrivateAddresses = settings.allowsPrivateAddresses
    do {
      return try HTTPPoster(configuration, group: group)
    } catch {
      throw ServerStartupError(
        .invalidConfiguration, "The authorities of webhooks cannot be used.", cause: error)
    }
  }
}

/// The transport as a service: listens, and drains at the end.
private struct TransportPart: Service {
  let server: RPCServer
  let status: ServingStatus
  let address: ListenAddress
  let callLimits: LimitSettings
  let logger: Logger
  let ready: @Sendable (String) -> Void

  func run() async throws {
    let port: Int
    do {
      port = try await server.start(on: [address])[0]
    } catch {
      throw ServerStartupError(
        .addressUnusable, "Cannot listen on \(address.host):\(address.port).", cause: error)
    }
    logger.notice("limits", metadata: ["limits": "\(server.limits)"])
    logger.notice("limits of calls", metadata: ["limits": "\(callLimits)"])
    let host = address.host.contains(":") ? "[\(address.host)]" : address.host
    ready("\(host):\(port)")
    try? await gracefulShutdown()
    logger.info("draining", metadata: ["connections": "\(server.connectionCount)"])
    status.end()
    await server.drain()
  }
}
