package import Logging
internal import PostgresClient
internal import RPCCore
internal import class Foundation.ProcessInfo
internal import struct Foundation.UUID

/// The database as a whole: the embedded one or the operator's, its roles and its migrations.
package enum DatabaseSetup {
  /// What is applied and what is not.
  package struct Status: Sendable {
    package let text: String
    /// Nothing is to be done.
    package let isCurrent: Bool

    init(_ status: MigrationStatus) {
      var lines = status.applied.map { applied in
        let note = status.edited.contains(applied.number) ? "EDITED" : "applied"
        return "\(note)  \(applied.number) \(applied.name)  \(applied.appliedAt.date)"
      }
      lines += status.pending.map { "pending  \($0.number) \($0.name)" }
      if !status.unknown.isEmpty {
        lines.append("unknown  \(status.unknown): a newer version was here")
      }
      text = lines.joined(separator: "\n")
      isCurrent = status.pending.isEmpty && status.edited.isEmpty
    }
  }

  /// Lends the URL of a database at this version, as the role `clinic_app`.
  static func withDatabase<Result: Sendable>(
    _ configuration: ServerConfiguration, logger: Logger,
    _ body: (String) async throws -> Result
  ) async throws -> Result {
    if let url = configuration.databaseURL {
      let unverified = try PostgresConfiguration.unverifiedHosts(
        url, environment: ProcessInfo.processInfo.environment)
      if !unverified.isEmpty {
        logger.warning(
          "the database is not asked who it is: have the URL say sslmode=verify-full",
          metadata: ["hosts": "\(unverified.joined(separator: ", "))"])
      }
      try await requireCurrent(url: url, logger: logger)
      return try await body(url)
    }
    let lock = try DataDirectoryLock.acquire(dataDirectory: configuration.dataDirectory)
    defer { lock.release() }
    var embedded = EmbeddedPostgresConfiguration(dataDirectory: configuration.dataDirectory)
    embedded.maximumConnections =
      configuration.sharedConnections + configuration.leasedConnections + 20
    return try await EmbeddedPostgres.withServer(configuration: embedded, logger: logger) {
      server in
      let applied = try await migrate(
        url: server.endpoint.url(user: "postgres"), appPassword: nil, logger: logger)
      if !applied.isEmpty {
        logger.notice("migrated", metadata: ["applied": "\(applied.joined(separator: ", "))"])
      }
      return try await body(server.endpoint.url(user: "clinic_app"))
    }
  }

  /// Brings the database to this version, and tells which migrations that took.
  package static func migrate(
    _ configuration: ServerConfiguration, appPassword: String?, logger: Logger
  ) async throws -> [String] {
    try await withAdministratorURL(configuration, logger: logger) { url in
      try await migrate(url: url, appPassword: appPassword, logger: logger)
    }
  }

  /// Tells what is applied and what is not, changing nothing.
  package static func status(
    _ configuration: ServerConfiguration, logger: Logger
  ) async throws -> Status {
    func status(_ url: String) async throws -> Status {
      try await withClient(url, logger: logger) { client in
        Status(try await Migrations.migrator().status(client))
      }
    }
    if configuration.databaseURL == nil {
      let folder = configuration.dataDirectory
      if let running = RunningEmbeddedPostgres.endpoint(dataDirectory: folder) {
        return try await status(running.url(user: "postgres"))
      }
      guard Files.isDirectory(Files.absolutePath(folder) + "/postgres") else {
        var none = MigrationStatus()
        none.pending = try Migrations.migrator().migrations
        return Status(none)
      }
    }
    return try await withAdministratorURL(configuration, logger: logger, status)
  }

  private static func withAdministratorURL<Result: Sendable>(
    _ configuration: ServerConfiguration, logger: Logger,
    _ body: (String) async throws -> Result
  ) async throws -> Result {
    if let url = configuration.databaseURL { return try await body(url) }
    let lock = try DataDirectoryLock.acquire(dataDirectory: configuration.dataDirectory)
    defer { lock.release() }
    return try await EmbeddedPostgres.withServer(
      configuration: EmbeddedPostgresConfiguration(dataDirectory: configuration.dataDirectory),
      logger: logger
    ) { try await body($0.endpoint.url(user: "postgres")) }
  }

  /// Roles, schema and extensions, then the numbered migrations as their owner.
  package static func migrate(
    url: String, appPassword: String?, logger: Logger
  ) async throws -> [String] {
    do {
      try await withClient(url, logger: logger) { client in
        try await client.withConnection { connection in
          try await connection.executeScript(Migrations.bootstrap)
          if let appPassword {
            // A utility statement takes no parameters, so the server quotes the password.
            let rows = try await connection.query(
              "select format('alter role clinic_app password %L', \(appPassword)::text)")
            try await connection.executeScript(try rows[0].decode(0))
          }
        }
      }
      return try await withClient(url, as: Migrations.sessionSettings, logger: logger) { client in
        try await Migrations.migrator().migrate(client).map(\.name)
      }
    } catch let error as PostgresError where error.sqlState == .insufficientPrivilege {
      throw ServerStartupError(
        .databaseUnusable,
        "The database role may not create roles, schemas or extensions: migrate as one that may.",
        cause: error)
    } catch let error as MigrationError {
      throw ServerStartupError(.databaseUnusable, "\(error)", cause: nil)
    }
  }

  /// Refuses a database that is not at this version, and a role that row security does not hold:
  /// such as the one that migrates, whose URL is at hand when a server is set up.
  private static func requireCurrent(url: String, logger: Logger) async throws {
    try await withClient(url, logger: logger) { client in
      let roles = try await client.query(
        """
        select r.rolname::text, r.rolsuper or r.rolbypassrls or exists (
          select from pg_roles o where o.rolname = 'clinic_owner'
          and pg_has_role(r.oid, o.oid, 'member'))
        from pg_roles r where r.rolname = current_user
        """)
      let (role, isUnbound) = try roles[0].decode(String.self, Bool.self)
      guard !isUnbound else {
        throw ServerStartupError(
          .databaseUnusable,
          "The database role \(role) passes row security, which keeps the clinics apart: serve as "
            + "clinic_app, or as a role with its rights alone.")
      }
      do {
        try await Migrations.migrator().verify(client)
      } catch let error as MigrationError {
        throw ServerStartupError(
          .databaseUnusable, "The database is not at this version: run `clinicd migrate`. \(error)")
      }
    }
  }

  static func withClient<Result: Sendable>(
    _ url: String, as sessionSettings: [String: String] = [:], logger: Logger,
    _ body: (PostgresClient) async throws -> Result
  ) async throws -> Result {
    var settings = PostgresConfiguration(connectionString: url)
    settings.sharedConnections = 1
    settings.leasedConnections = 2
    settings.sessionSettings.merge(sessionSettings) { $1 }
    let client = try PostgresClient(configuration: settings, logger: logger)
    do {
      return try await client.withRunning { try await body(client) }
    } catch let error as PostgresClientError where error.code == .connectionFailure {
      throw ServerStartupError(
        .databaseUnusable, "The database cannot be reached.", cause: error)
    }
  }
}

extension PostgresClient {
  /// Runs the client while `body` does, and shuts it down after it.
  func withRunning<Result>(_ body: () async throws -> Result) async throws -> Result {
    try start()
    do {
      let result = try await body()
      await shutdown()
      return result
    } catch {
      await shutdown()
      throw error
    }
  }
}
