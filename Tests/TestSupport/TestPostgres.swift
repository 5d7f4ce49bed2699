import Foundation
import Logging
import PostgresClient
import Synchronization

/// The PostgreSQL server of this test process and its databases.
///
/// The server is `CLINIC_TEST_DATABASE_URL` if that is set (a superuser's), otherwise a throwaway
/// cluster that the first use starts.
public actor TestPostgres {
  /// The one of this process.
  public static let shared = TestPostgres()

  private var administrator: Administrator?
  private var templates: [String: Task<String, any Error>] = [:]
  private var lastDatabase = 0

  private struct Administrator: Sendable {
    let cluster: PostgresCluster?
    let connectionString: String
    let client: PostgresClient
  }

  private init() {}

  /// Makes an empty database and returns its connection string (as superuser).
  public func makeDatabase(_ name: String = "test") async throws -> String {
    try await makeDatabase(name, template: "template0")
  }

  /// Makes a database from a template that `prepare` fills once for the process.
  ///
  /// - Parameters:
  ///   - key: Names the template: the same key must always come with the same `prepare`.
  ///   - prepare: Gets the connection string of the future template, and must close what it opens.
  public func makeDatabase(
    _ name: String = "test", fromTemplate key: String,
    prepare: @escaping @Sendable (_ connectionString: String) async throws -> Void
  ) async throws -> String {
    let preparation: Task<String, any Error>
    if let known = templates[key] {
      preparation = known
    } else {
      // Shared by all suites that wait for the template; ends by itself.
      preparation = Task {
        let template = try await self.makeDatabaseName("template_\(key)", template: "template0")
        try await prepare(try self.connectionString(database: template))
        return template
      }
      templates[key] = preparation
    }
    return try await makeDatabase(name, template: try await preparation.value)
  }

  /// A connection string for a database of the server, as another user if wanted.
  public func connectionString(database: String, user: String? = nil) throws -> String {
    let base = try start().connectionString
    return try PostgresConfiguration.connectionString(base, database: database, user: user)
  }

  private func makeDatabase(_ name: String, template: String) async throws -> String {
    try connectionString(database: try await makeDatabaseName(name, template: template))
  }

  private func makeDatabaseName(_ name: String, template: String) async throws -> String {
    let client = try start().client
    lastDatabase += 1
    let database = "clinic_\(getpid())_\(lastDatabase)_\(name)".lowercased().prefix(63)
    let sql: SQLQuery =
      "create database \(identifier: String(database)) template \(identifier: template)"
    _ = try await client.withConnection { try await $0.query(sql) }
    return String(database)
  }

  private func start() throws -> Administrator {
    if let administrator { return administrator }
    let url = ProcessInfo.processInfo.environment["CLINIC_TEST_DATABASE_URL"]
    let cluster = url == nil ? try PostgresCluster() : nil
    let connectionString = url ?? cluster?.connectionString() ?? ""
    var configuration = PostgresConfiguration(connectionString: connectionString)
    configuration.sharedConnections = 0
    configuration.leasedConnections = 2
    // On a busy machine many suites wait for their databases.
    configuration.leaseTimeout = .seconds(240)
    configuration.defaultTimeout = .seconds(240)
    var logger = Logger(label: "test-postgres")
    logger.logLevel = .error
    let client = try PostgresClient(configuration: configuration, logger: logger)
    try client.start()
    let made = Administrator(
      cluster: cluster, connectionString: connectionString, client: client)
    administrator = made
    return made
  }
}
