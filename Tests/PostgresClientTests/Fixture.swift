import Logging
import PostgresClient
import TestSupport

/// Clients and databases for the suites of this target.
enum Fixture {
  /// Runs `body` with a client of a database and shuts the client down.
  @discardableResult
  static func withClient<R>(
    _ database: String? = nil,
    configure: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresClient) async throws -> R
  ) async throws -> R {
    let connectionString: String
    if let database {
      connectionString = database
    } else {
      connectionString = try await TestPostgres.shared.makeDatabase()
    }
    var configuration = PostgresConfiguration(connectionString: connectionString)
    // All suites share the machine, and what is late there is not what these tests are about.
    configuration.leaseTimeout = .seconds(45)
    configure(&configuration)
    let client = try PostgresClient(configuration: configuration, logger: quiet)
    try client.start()
    do {
      let result = try await body(client)
      await client.shutdown()
      return result
    } catch {
      await client.shutdown()
      throw error
    }
  }

  /// Warnings about lost connections are what many of these tests are about.
  static var quiet: Logger {
    var logger = Logger(label: "tests")
    logger.logLevel = .critical
    return logger
  }

  /// Tries until `condition` holds; fails the wait after ten seconds.
  static func eventually(_ condition: () async throws -> Bool) async throws {
    for _ in 0..<1_000 {
      if try await condition() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw TestSupportError("the condition did not come true within ten seconds")
  }

  /// The number of sessions of the database that run a statement like the pattern.
  static func running(_ pattern: String, _ client: PostgresClient) async throws -> Int {
    let rows = try await client.query(
      """
      select count(*) from pg_stat_activity
      where datname = current_database() and state = 'active'
        and query like \(pattern) and pid <> pg_backend_pid()
      """)
    return try rows[0].decode(0, as: Int.self)
  }
}
