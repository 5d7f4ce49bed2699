internal import FoundationEssentials
internal import Glibc
internal import Logging

extension PostgresCluster {
  /// The version that made the cluster; nil where there is no cluster yet.
  ///
  /// - Throws: `.dataDirectoryUnusable` where the folder holds something else.
  func version() throws(ServerStartupError) -> Int? {
    if let text = Files.text(directory + "/PG_VERSION") {
      guard let version = Int(text.prefix { $0.isNumber }) else {
        throw ServerStartupError(
          .dataDirectoryUnusable, "\(directory)/PG_VERSION does not name a version.")
      }
      return version
    }
    guard Files.status(directory) == nil || Files.names(in: directory).isEmpty else {
      throw ServerStartupError(
        .dataDirectoryUnusable,
        "\(directory) is not empty and not a PostgreSQL cluster. Move it away, or name another folder."
      )
    }
    return nil
  }

  /// Makes the cluster and its database, all or nothing: it gets its name when it is whole.
  func create(with binaries: PostgresBinaries, logger: Logger) async throws(ServerStartupError) {
    let parts = directory.split(separator: "/")
    let parent = "/" + parts.dropLast().joined(separator: "/")
    let prefix = "\(parts.last ?? "postgres").initializing-"
    for name in Files.names(in: parent) where name.hasPrefix(prefix) {
      try? FileManager.default.removeItem(atPath: parent + "/" + name)
    }
    let unfinished = parent + "/" + prefix + String(UInt32.random(in: 0...UInt32.max), radix: 36)
    try Files.makePrivateDirectory(unfinished, for: account)
    logger.info("making a database", metadata: ["folder": "\(directory)"])
    do {
      try await initialize(unfinished, with: binaries)
      try await createDatabase(in: unfinished, with: binaries)
    } catch {
      try? FileManager.default.removeItem(atPath: unfinished)
      throw error
    }
    rmdir(directory)
    guard rename(unfinished, directory) == 0 else {
      throw ServerStartupError(
        .dataDirectoryUnusable, "Cannot name the folder \(directory): \(Files.lastError).")
    }
    Files.sync(directory: parent)
  }

  private func initialize(
    _ folder: String, with binaries: PostgresBinaries
  ) async throws(ServerStartupError) {
    try await perform(
      PostgresCommand(
        executable: binaries.initdb,
        arguments: [
          "--pgdata=\(folder)", "--username=postgres", "--encoding=UTF8",
          "--locale=\(Self.locale)", "--auth-local=peer", "--auth-host=reject",
          "--data-checksums", "--no-instructions"
        ],
        account: account),
      what: "make a cluster")
  }

  /// Uses a stand-alone backend, which needs neither socket nor password.
  private func createDatabase(
    in folder: String, with binaries: PostgresBinaries
  ) async throws(ServerStartupError) {
    let name = endpoint.database.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"")
    guard endpoint.database != "postgres" else { return }
    try await perform(
      PostgresCommand(
        executable: binaries.postgres,
        arguments: ["--single", "-D", folder, "-c", "exit_on_error=on", "postgres"],
        account: account, input: "create database \"\(name)\"\n"),
      what: "make the database \(endpoint.database)")
  }

  private func perform(_ command: PostgresCommand, what: String) async throws(ServerStartupError) {
    let output: PostgresCommand.Output
    do {
      output = try await command.output()
    } catch {
      throw ServerStartupError(
        .postgresFailed, "Cannot run \(command.executable) to \(what).", cause: error)
    }
    guard output.isSuccess else {
      throw ServerStartupError(
        .postgresFailed,
        "PostgreSQL could not \(what): \(Self.lastLines(of: output.text)) (\(output.status))")
    }
  }

  /// Text compares by code point, the same on every machine; letters are those of Unicode.
  private static var locale: String {
    guard let locale = newlocale(1 << LC_CTYPE, "C.UTF-8", nil) else { return "C" }
    freelocale(locale)
    return "C.UTF-8"
  }

  static func lastLines(of text: String, count: Int = 6) -> String {
    text.split(separator: "\n").suffix(count).joined(separator: " / ")
  }

  /// Writes the configuration files of this start.
  func configure(_ configuration: EmbeddedPostgresConfiguration) throws(ServerStartupError) {
    let settings = PostgresSettings(
      endpoint: endpoint, maximumConnections: configuration.maximumConnections,
      memory: PostgresSettings.machineMemory(), processors: PostgresSettings.machineProcessors())
    let ourselves = PostgresAccount.named(byID: geteuid())?.name
    let users = Set([account.name, ourselves].compactMap { $0 }).sorted()
    let files = [
      "postgresql.conf": settings.configuration,
      "pg_hba.conf": settings.hostBasedAuthentication,
      "pg_ident.conf": PostgresSettings.identityMap(users: users, roles: configuration.roles)
    ]
    for (name, text) in files {
      try Files.replace(directory + "/" + name, with: text, for: account)
    }
  }
}
