internal import Glibc
internal import RPCCore

/// How many files this process may have open: each connection is one, and where they run out, not
/// only connections fail.
enum OpenFiles {
  /// Raises the limit as far as the system lets an ordinary process, and returns it. Systems start
  /// programs with a low one, for those that still use `select`.
  static func raiseLimit() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
    if limit.rlim_cur < limit.rlim_max {
      var raised = limit
      raised.rlim_cur = limit.rlim_max
      if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
  }

  /// How many connections of callers leave enough files for everything else: those to the database
  /// and to receivers of webhooks, the loops, logs and certificates. Zero where that is not enough.
  static func connections(of limit: Int, for configuration: ServerConfiguration) -> Int {
    let database = configuration.sharedConnections + configuration.leasedConnections
    return max(0, limit - reserve - database)
  }

  private static let reserve = 160
}
