internal import FoundationEssentials
internal import Glibc

/// The folder of PostgreSQL's server programs, and which version they are.
struct PostgresBinaries: Sendable, Hashable {
  /// The oldest version that the server works with.
  static let oldestVersion = 15

  var directory: String
  var majorVersion: Int

  var postgres: String { directory + "/postgres" }
  var initdb: String { directory + "/initdb" }

  /// Finds the programs: in `directory` where one is given, else the newest among the places where
  /// Debian and others put them, else in the folders of PATH.
  ///
  /// - Parameter version: the only version that will do, since a cluster was made by it.
  static func find(
    in directory: String?, version: Int? = nil
  ) async throws(ServerStartupError) -> PostgresBinaries {
    var found: [PostgresBinaries] = []
    for candidate in directory.map({ [$0] }) ?? candidates() {
      guard isComplete(candidate), let major = await majorVersion(in: candidate) else { continue }
      let binaries = PostgresBinaries(directory: candidate, majorVersion: major)
      if version.map({ $0 == major }) ?? (major >= oldestVersion) { return binaries }
      found.append(binaries)
    }
    throw missing(directory: directory, version: version, found: found)
  }

  /// Where to look, the newest version first.
  static func candidates(
    path: String? = ProcessInfo.processInfo.environment["PATH"]
  ) -> [String] {
    let versioned = [("/usr/lib/postgresql", ""), ("/usr", "pgsql-")].flatMap { folder, prefix in
      Files.names(in: folder)
        .compactMap { name in
          name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
        }
        .map { (version: $0, path: "\(folder)/\(prefix)\($0)/bin") }
    }
    return versioned.sorted { $0.version > $1.version }.map(\.path)
      + ["/usr/local/pgsql/bin"]
      + (path ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
  }

  private static func isComplete(_ directory: String) -> Bool {
    access(directory + "/postgres", X_OK) == 0 && access(directory + "/initdb", X_OK) == 0
  }

  /// The version that `postgres --version` tells: `postgres (PostgreSQL) 15.20 (Debian …)`.
  private static func majorVersion(in directory: String) async -> Int? {
    let command = PostgresCommand(executable: directory + "/postgres", arguments: ["--version"])
    guard let result = try? await command.output(), result.isSuccess else { return nil }
    return parseVersion(result.text)
  }

  static func parseVersion(_ text: String) -> Int? {
    guard let start = text.firstRange(of: "(PostgreSQL) ")?.upperBound else { return nil }
    return Int(text[start...].prefix { $0.isASCII && $0.isNumber })
  }

  private static func missing(
    directory: String?, version: Int?, found: [PostgresBinaries]
  ) -> ServerStartupError {
    let others =
      found.isEmpty
      ? ""
      : " Found only: \(found.map { "\($0.majorVersion) in \($0.directory)" }.joined(separator: ", "))."
    if let version {
      return ServerStartupError(
        .postgresMissing,
        """
        The cluster in the data folder was made by PostgreSQL \(version), whose programs are not \
        installed.\(others) Install Debian's package `postgresql-\(version)`, or move the cluster \
        to a newer version with pg_upgrade.
        """)
    }
    let place = directory.map { "in \($0)" } ?? "in /usr/lib/postgresql/*/bin or on the PATH"
    return ServerStartupError(
      .postgresMissing,
      """
      The embedded database needs PostgreSQL \(oldestVersion) or later, and its programs \
      `postgres` and `initdb` are not \(place).\(others) Install Debian's package `postgresql` \
      (apt-get install postgresql), or name a database with --database-url.
      """)
  }
}
