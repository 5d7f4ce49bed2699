internal import Crypto
internal import Glibc
internal import Logging

/// A cluster's places on disk and the user that it belongs to.
struct PostgresCluster: Sendable {
  var directory: String
  var account: PostgresAccount
  var endpoint: PostgresEndpoint
  var logFile: String
  /// The socket's folder is not in the data folder.
  var isSocketElsewhere: Bool

  /// Where clusters go that cannot be in the data folder, and the sockets of those whose own
  /// folder has too long a name. Both are for root.
  static let systemDataDirectory = "/var/lib/clinic-rpc"
  static let systemRunDirectory = "/run/clinic-rpc"

  /// Finds or chooses the places for a data folder. Makes the folders around the cluster, not the
  /// cluster itself.
  static func locate(
    _ configuration: EmbeddedPostgresConfiguration, logger: Logger
  ) async throws(ServerStartupError) -> PostgresCluster {
    let root = try Files.makeDirectory(configuration.dataDirectory)
    let place = root + "/postgres"
    let account = try PostgresAccount.forCluster(at: place)
    let directory = try await clusterDirectory(
      at: place, in: root, account: account, logger: logger)
    let socketDirectory = try await socketDirectory(for: root, account: account)
    return PostgresCluster(
      directory: directory, account: account,
      endpoint: PostgresEndpoint(
        socketDirectory: socketDirectory, port: 5432, database: configuration.database),
      logFile: root + "/postgres.log", isSocketElsewhere: socketDirectory != root + "/run")
  }

  /// `postgres` in the data folder. Where the cluster's user cannot get there (it is in a home of
  /// root's), a folder of the system's to which `postgres` becomes a symbolic link.
  private static func clusterDirectory(
    at place: String, in root: String, account: PostgresAccount, logger: Logger
  ) async throws(ServerStartupError) -> String {
    if let status = Files.status(place, followingLinks: false), status.st_mode & S_IFMT == S_IFLNK {
      if let real = Files.realPath(place) { return real }
      // A link of ours whose cluster was not finished.
      if let target = Files.linkTarget(place), target.hasPrefix(systemDataDirectory + "/") {
        return target
      }
      throw ServerStartupError(
        .dataDirectoryUnusable, "\(place) is a symbolic link that leads nowhere.")
    }
    if await canEnterAfterOpening(root, as: account) { return place }
    guard !Files.isDirectory(place) else {
      throw ServerStartupError(
        .dataDirectoryUnusable,
        """
        PostgreSQL runs as user \(account.name), who may not enter \(root). Give others the right \
        to pass through that folder and those above it (chmod o+x), or move the data folder.
        """)
    }
    let system = try Files.makeDirectory(systemDataDirectory)
    let target = "\(system)/postgres-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
    guard symlink(target, place) == 0 else {
      throw ServerStartupError(
        .dataDirectoryUnusable, "Cannot make the link \(place): \(Files.lastError).")
    }
    logger.notice(
      "the database's user may not enter the data folder: the database goes elsewhere",
      metadata: ["user": "\(account.name)", "dataDirectory": "\(root)", "cluster": "\(target)"])
    return target
  }

  /// `run` in the data folder; a folder of the system's where that name is too long for a socket
  /// or out of the cluster's user's reach.
  private static func socketDirectory(
    for root: String, account: PostgresAccount
  ) async throws(ServerStartupError) -> String {
    var directory = root + "/run"
    let isReachable = await canEnter(root, as: account)
    if isTooLong(directory) || !isReachable {
      let name = SHA256.hash(data: Array(root.utf8)).prefix(8)
        .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
      let base = geteuid() == 0 ? systemRunDirectory : "/tmp/clinic-rpc-\(geteuid())"
      if geteuid() == 0 {
        _ = try Files.makeDirectory(base)
      } else {
        try Files.makePrivateDirectory(base, for: account)
      }
      directory = "\(base)/\(name)"
    }
    try Files.makePrivateDirectory(directory, for: account)
    return directory
  }

  static func isTooLong(_ socketDirectory: String) -> Bool {
    // PostgreSQL makes a lock file beside the socket, but only the socket's name is limited.
    socketDirectory.utf8.count + 1 + PostgresEndpoint.socketName(port: 5432).utf8.count
      > PostgresEndpoint.longestSocketPath
  }

  /// Lets others pass through the data folder, which is ours, where it is only that which keeps the
  /// cluster's user out. The folders above it are not ours to change.
  private static func canEnterAfterOpening(
    _ directory: String, as account: PostgresAccount
  ) async -> Bool {
    if await canEnter(directory, as: account) { return true }
    guard let mode = Files.status(directory)?.st_mode, chmod(directory, mode | 0o011) == 0 else {
      return false
    }
    if await canEnter(directory, as: account) { return true }
    chmod(directory, mode)
    return false
  }

  private static func canEnter(_ directory: String, as account: PostgresAccount) async -> Bool {
    guard account.isForeign else { return true }
    // Asked of the kernel as that user, so that access lists and mount options count too.
    let command = PostgresCommand(
      executable: "/usr/bin/test", arguments: ["-x", directory + "/."], account: account)
    return (try? await command.output())?.isSuccess ?? false
  }
}
