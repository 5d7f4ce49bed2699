internal import Glibc

/// The operating system's user that PostgreSQL runs as. Never root: PostgreSQL refuses that.
struct PostgresAccount: Sendable, Hashable {
  var name: String
  var userID: uid_t
  var groupID: gid_t

  /// Whether we must change the user when we start its programs.
  var isForeign: Bool { userID != geteuid() }

  /// Who is to run the cluster in a folder: ourselves; or, where we are root, the owner of the
  /// folder where it exists, else the user `postgres` that Debian's package makes.
  static func forCluster(at path: String) throws(ServerStartupError) -> PostgresAccount {
    guard geteuid() == 0 else {
      return named(byID: geteuid())
        ?? PostgresAccount(name: "user \(geteuid())", userID: geteuid(), groupID: getegid())
    }
    if let status = Files.status(path), status.st_uid != 0, let owner = named(byID: status.st_uid) {
      return owner
    }
    guard let postgres = named("postgres") else {
      throw ServerStartupError(
        .postgresMissing,
        """
        PostgreSQL does not run as root, and there is no user `postgres` to run it as. Install \
        Debian's package `postgresql`, which makes that user, or start clinicd as another user.
        """)
    }
    return postgres
  }

  /// The user with a name, or nil.
  static func named(_ name: String) -> PostgresAccount? {
    lookUp { entry, buffer, size, result in
      getpwnam_r(name, entry, buffer, size, result)
    }
  }

  /// The user with an id, or nil.
  static func named(byID id: uid_t) -> PostgresAccount? {
    lookUp { entry, buffer, size, result in
      getpwuid_r(id, entry, buffer, size, result)
    }
  }

  private typealias Query = (
    UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
    UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
  ) -> Int32

  private static func lookUp(_ query: Query) -> PostgresAccount? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
      var entry = passwd()
      var result: UnsafeMutablePointer<passwd>?
      guard let base = buffer.baseAddress, query(&entry, base, buffer.count, &result) == 0,
        result != nil, let name = entry.pw_name
      else {
        return nil
      }
      return PostgresAccount(
        name: String(cString: name), userID: entry.pw_uid, groupID: entry.pw_gid)
    }
  }
}
