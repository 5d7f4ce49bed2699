internal import Glibc

/// The text of an embedded cluster's configuration files. Written anew at every start, so that a
/// change of the server's takes effect; what an operator wants different goes into `local.conf`
/// beside them, which is read last.
struct PostgresSettings: Sendable {
  var endpoint: PostgresEndpoint
  var maximumConnections: Int
  /// The machine's memory in MiB, or the container's limit where that is less.
  var memory: Int
  var processors: Int

  static let managed =
    "# Written by clinicd at every start. Put settings of your own into local.conf."

  /// `postgresql.conf`. Small when idle: what is listed is what departs from PostgreSQL's defaults.
  var configuration: String {
    let sharedBuffers = (memory / 16).clamped(to: 32...512)
    let maintenance = (memory / 64).clamped(to: 32...256)
    let lines = [
      Self.managed,
      "listen_addresses = ''",
      "unix_socket_directories = \(Self.quoted(endpoint.socketDirectory))",
      "unix_socket_permissions = 0700",
      "port = \(endpoint.port)",
      "max_connections = \(maximumConnections.clamped(to: 10...1000))",
      "password_encryption = 'scram-sha-256'",
      "",
      "shared_buffers = \(sharedBuffers)MB",
      "work_mem = 8MB",
      "maintenance_work_mem = \(maintenance)MB",
      "effective_cache_size = \((memory / 2).clamped(to: 64...1_048_576))MB",
      "max_parallel_workers_per_gather = \((processors / 2).clamped(to: 0...2))",
      "random_page_cost = 1.1",
      "jit = off",
      "",
      "# What is confirmed is on disk.",
      "fsync = on",
      "full_page_writes = on",
      "synchronous_commit = on",
      "wal_level = replica",
      "wal_compression = on",
      "max_wal_senders = 2",
      "max_logical_replication_workers = 0",
      "min_wal_size = 64MB",
      "max_wal_size = 1GB",
      "checkpoint_timeout = 15min",
      "",
      "timezone = 'UTC'",
      "log_timezone = 'UTC'",
      "datestyle = 'iso, ymd'",
      "lc_messages = 'C'",
      "",
      "# The log tells what went wrong, never the values of a statement.",
      "logging_collector = off",
      "log_destination = 'stderr'",
      "log_line_prefix = '%m [%p] %q%u@%d '",
      "log_checkpoints = off",
      "log_error_verbosity = terse",
      "log_min_error_statement = panic",
      "log_parameter_max_length = 0",
      "log_parameter_max_length_on_error = 0",
      "log_autovacuum_min_duration = -1",
      "",
      "include_if_exists = 'local.conf'",
      ""
    ]
    return lines.joined(separator: "\n")
  }

  /// `pg_hba.conf`: the socket only, and only for users that the map knows.
  var hostBasedAuthentication: String {
    """
    \(Self.managed)
    local all all peer map=clinicd

    """
  }

  /// `pg_ident.conf`: which users of the operating system may log in as which roles.
  static func identityMap(users: [String], roles: [String]) -> String {
    let lines = users.flatMap { user in
      roles.map { "clinicd \(doubleQuoted(user)) \(doubleQuoted($0))" }
    }
    return managed + "\n" + lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ value: String) -> String {
    "'" + value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
      + "'"
  }

  private static func doubleQuoted(_ value: String) -> String {
    "\"" + value.filter { $0 != "\"" && !$0.isNewline } + "\""
  }
}

extension PostgresSettings {
  /// The machine's memory in MiB, or the control group's limit where that is less.
  static func machineMemory() -> Int {
    let mebibyte = 1_048_576
    let physical = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) / mebibyte
    let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
      .compactMap { Files.text($0) }
      .compactMap { Int($0.filter(\.isNumber)) }
      .map { $0 / mebibyte }
    return ([physical] + limits.filter { $0 > 0 }).min() ?? physical
  }

  static func machineProcessors() -> Int {
    max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }
}

extension Comparable {
  fileprivate func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
