/// How a ``PostgresClient`` connects and what it allows.
public struct PostgresConfiguration: Sendable {
  /// A libpq connection string: a URI, also with several hosts and `target_session_attrs`, or
  /// keywords and values. TLS (`sslmode`, `sslrootcert` …), keep-alives and passwords are libpq's.
  public var connectionString: String
  /// The name shown in `pg_stat_activity`, unless the connection string has one.
  public var applicationName = "clinic-rpc"
  /// Settings of every session. The server's own limits are nets under the client's deadlines:
  /// they end what a dead client left behind.
  public var sessionSettings: [String: String] = [
    "statement_timeout": "600000",
    "idle_in_transaction_session_timeout": "300000"
  ]

  /// Pipelined connections of the shared lane, 0 to 64. With 0 only the leased lane works.
  public var sharedConnections = 2
  /// Batches in flight on one shared connection, 1 to 4,096.
  public var batchesPerConnection = 64
  /// Batches in the shared lane, waiting and in flight, 1 to 1,000,000; more are refused.
  public var sharedQueueLimit = 8_192

  /// Connections of the leased lane, 0 to 1,000.
  public var leasedConnections = 8
  /// Callers that may wait for a leased connection, 0 to 1,000,000.
  public var leaseWaiters = 1_024
  /// How long a caller waits for a leased connection at most.
  public var leaseTimeout: Duration = .seconds(5)
  /// Leased connections that nobody used for so long are closed.
  public var idleTimeout: Duration = .seconds(60)

  /// The time for each host to answer.
  public var connectTimeout: Duration = .seconds(5)
  /// First and longest pause between attempts to reconnect; each is drawn from its upper half.
  public var reconnectDelay: ClosedRange<Duration> = .milliseconds(50)...(.seconds(5))
  /// How long calls of the shared lane wait for a lost server before they are refused at once.
  public var outagePatience: Duration = .seconds(2)
  /// The deadline of calls that come without one.
  public var defaultTimeout: Duration = .seconds(30)
  /// How long a shutdown waits for calls and leases.
  public var shutdownGrace: Duration = .seconds(10)
  /// Statements kept prepared on each connection, 16 to 10,000.
  public var preparedStatements = 512
  /// Notifications kept for a slow reader before it gets a gap instead, 1 to 1,000,000.
  public var notificationBuffer = 1_024
  /// Has a closure run once the present turn of the calling thread is over; returns false where the
  /// thread takes no turns. The calls that a turn submits then wake the I/O thread once, and leave
  /// together: callers that run on event loops save context switches and batches. Nil wakes it with
  /// the first.
  public var atEndOfTurn: (@Sendable (_ body: @escaping @Sendable () -> Void) -> Bool)?

  /// The defaults, for a server.
  public init(connectionString: String) {
    self.connectionString = connectionString
  }

  /// The connection's keywords, with this client's own ones where the string has none.
  func parameters() throws(PostgresClientError) -> ConnectionParameters {
    try check()
    var parameters = try ConnectionParameters(parsing: connectionString)
    if parameters["application_name"] == nil { parameters["application_name"] = applicationName }
    parameters["client_encoding"] = "UTF8"
    // A peer that vanished without a word is noticed within seconds instead of hours.
    for (keyword, value) in [
      ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
      ("tcp_user_timeout", "15000")
    ] where parameters[keyword] == nil {
      parameters[keyword] = value
    }
    parameters.addSessionSettings(sessionSettings)
    return parameters
  }

  private func check() throws(PostgresClientError) {
    let ranges: [(String, Int, ClosedRange<Int>)] = [
      ("sharedConnections", sharedConnections, 0...64),
      ("batchesPerConnection", batchesPerConnection, 1...4_096),
      ("sharedQueueLimit", sharedQueueLimit, 1...1_000_000),
      ("leasedConnections", leasedConnections, 0...1_000),
      ("leaseWaiters", leaseWaiters, 0...1_000_000),
      ("preparedStatements", preparedStatements, 16...10_000),
      ("notificationBuffer", notificationBuffer, 1...1_000_000)
    ]
    for (name, value, range) in ranges where !range.contains(value) {
      throw PostgresClientError(
        .invalidConfiguration,
        "\(name) is \(value), allowed are \(range.lowerBound) to \(range.upperBound)")
    }
  }
}

extension PostgresConfiguration {
  /// The same server, another database (and user): for administration and tests.
  public static func connectionString(
    _ base: String, database: String? = nil, user: String? = nil
  ) throws(PostgresClientError) -> String {
    var parameters = try ConnectionParameters(parsing: base)
    if let database { parameters["dbname"] = database }
    if let user { parameters["user"] = user }
    return parameters.text
  }

  /// The hosts of a connection string that are reached over a network without a look at who answers
  /// (`sslmode` below `verify-ca`): whoever answers in their place reads and changes everything.
  public static func unverifiedHosts(
    _ connectionString: String, environment: [String: String]
  ) throws(PostgresClientError) -> [String] {
    let parameters = try ConnectionParameters(parsing: connectionString)
    let mode = parameters["sslmode"] ?? environment["PGSSLMODE"] ?? "prefer"
    guard mode != "verify-full", mode != "verify-ca" else { return [] }
    let hosts =
      parameters["host"] ?? parameters["hostaddr"] ?? environment["PGHOST"]
      ?? environment["PGHOSTADDR"] ?? ""
    return hosts.split(separator: ",").map(String.init).filter { host in
      // A path, or one of Linux's abstract names, is a Unix socket.
      !(host.hasPrefix("/") || host.hasPrefix("@") || host == "localhost" || host == "::1"
        || host.hasPrefix("127."))
    }
  }
}
