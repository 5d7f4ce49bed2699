import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import Logging
import PostgresClient
import RPCCore
import RPCTransport
import TestSupport

/// The server of this test process: the real one, on a real socket with TLS, over a database of its
/// own. Tests share it and keep apart by making a clinic each.
actor ClinicTestServer {
  static let shared = ClinicTestServer()

  /// A server that runs until the process ends.
  struct Running: Sendable {
    let address: String
    let port: Int
    let certificateAuthority: String
    /// A superuser's connection string, for looking at what the server cannot show.
    let superuser: String
    /// The server's own connection string, as `clinic_app`.
    let application: String
    let platformPassword: String
    /// Certificates of those who are sent webhooks.
    let receivers: DevelopmentCertificates.Files
  }

  private var starting: Task<Running, any Error>?

  func running() async throws -> Running {
    if let starting { return try await starting.value }
    // Unstructured: the server serves every suite of the process.
    let task = Task { try await Self.start() }
    starting = task
    return try await task.value
  }

  static let platformEmail = "operator@platform.example"

  private static func start() async throws -> Running {
    var logger = Logger(label: "clinicd", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = .error
    let folder = try TemporaryFolder("clinicd").path
    let superuser = try await TestPostgres.shared.makeDatabase("clinicd")
    _ = try await DatabaseSetup.migrate(url: superuser, appPassword: nil, logger: logger)
    let application = try PostgresConfiguration.connectionString(superuser, user: "clinic_app")
    var configuration = ServerConfiguration()
    configuration.port = 0
    configuration.dataDirectory = folder
    configuration.databaseURL = application
    configuration.leasedConnections = 24
    // Tests set timers in the database.
    configuration.longestTimerSleep = .milliseconds(250)
    let receivers = try DevelopmentCertificates(directory: folder + "/receivers").ensure()
    configuration.webhooks = webhooks(receivers)
    configuration.passwordCost = .weakest
    let password = try await DatabaseSetup.addPlatformAdministrator(
      configuration, email: platformEmail, name: "Operator", logger: logger)
    let (ready, report) = AsyncStream.makeStream(of: String.self)
    let settings = configuration
    let log = logger
    // Unstructured: runs until the process ends.
    let server = Task {
      defer { report.finish() }
      try await ClinicServer.run(settings, logger: log, handlesSignals: false) { address in
        report.yield(address)
      }
    }
    guard let address = await ready.first(where: { _ in true }) else {
      try await server.value
      throw TestSupportError("the server ended before it was ready")
    }
    let running = Running(
      address: address, port: Int(address.split(separator: ":").last ?? "") ?? 0,
      certificateAuthority: folder + "/tls/ca.pem", superuser: superuser,
      application: application, platformPassword: "juniper kettle 17 moth", receivers: receivers)
    try await changeFirstPassword(password, on: running)
    return running
  }

  /// Webhooks to this machine, whose failures do not take a day.
  static func webhooks(_ receivers: DevelopmentCertificates.Files) -> WebhookSettings {
    var settings = WebhookSettings()
    settings.certificateAuthority = receivers.caCertificate
    settings.allowsPrivateAddresses = true
    settings.timeout = .seconds(5)
    settings.lease = .seconds(8)
    settings.attempts = 3
    settings.firstPause = .milliseconds(50)
    settings.longestPause = .milliseconds(200)
    settings.deadLetters = 2
    return settings
  }

  private static func changeFirstPassword(_ password: String, on running: Running) async throws {
    let client = try running.client()
    try await client.login(company: "platform", email: platformEmail, password: password)
    _ = try await client.auth.changePassword(
      ChangePasswordRequest(currentPassword: password, newPassword: running.platformPassword))
    await client.close()
  }
}

extension ClinicTestServer.Running {
  /// A client that is not logged in.
  func client(connections: Int = 1) throws -> ClinicClient {
    try ClinicClient(
      configuration: ClinicClientConfiguration(
        servers: [ServerAddress(host: "127.0.0.1", port: port)],
        certificateAuthority: .file(certificateAuthority), connections: connections))
  }

  /// A client of the platform's administrator.
  func platform() async throws -> ClinicClient {
    let client = try client()
    try await client.login(
      company: "platform", email: ClinicTestServer.platformEmail, password: platformPassword)
    return client
  }

  /// Runs a query as superuser, past row security.
  func inspect(_ query: SQLQuery) async throws -> PostgresRows {
    var configuration = PostgresConfiguration(connectionString: superuser)
    configuration.sharedConnections = 0
    configuration.leasedConnections = 1
    let client = try PostgresClient(
      configuration: configuration,
      logger: Logger(label: "inspect", factory: { _ in SwiftLogNoOpLogHandler() }))
    try client.start()
    do {
      let rows = try await client.withConnection { try await $0.query(query) }
      await client.shutdown()
      return rows
    } catch {
      await client.shutdown()
      throw error
    }
  }
}
