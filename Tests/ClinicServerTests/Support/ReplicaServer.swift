import ClinicClient
import ClinicServer
import Foundation
import Logging
import TestSupport

/// A further server over the database of the shared one, for a while.
enum ReplicaServer {
  /// Lends a server that ends with `body`.
  static func with<Result: Sendable>(
    configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (ClinicTestServer.Running) async throws -> Result
  ) async throws -> Result {
    let first = try await ClinicTestServer.shared.running()
    var logger = Logger(label: "replica", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = .critical
    let folder = try TemporaryFolder("replica").path
    var configuration = ServerConfiguration()
    configuration.port = 0
    configuration.dataDirectory = folder
    configuration.databaseURL = first.application
    configuration.passwordCost = .weakest
    configuration.webhooks = ClinicTestServer.webhooks(first.receivers)
    configure(&configuration)
    let (ready, report) = AsyncStream.makeStream(of: String.self)
    let settings = configuration
    let log = logger
    // Unstructured, so that its end does not end the test: awaited below.
    let server = Task {
      defer { report.finish() }
      try await ClinicServer.run(settings, logger: log, handlesSignals: false) { address in
        report.yield(address)
      }
    }
    guard let address = await ready.first(where: { _ in true }) else {
      try await server.value
      throw TestSupportError("the replica ended before it was ready")
    }
    let running = ClinicTestServer.Running(
      address: address, port: Int(address.split(separator: ":").last ?? "") ?? 0,
      certificateAuthority: folder + "/tls/ca.pem", superuser: first.superuser,
      application: first.application, platformPassword: first.platformPassword,
      receivers: first.receivers)
    do {
      let result = try await body(running)
      server.cancel()
      _ = await server.result
      return result
    } catch {
      server.cancel()
      _ = await server.result
      throw error
    }
  }
}

extension TestClinic {
  /// A client of the administrator's with a session of its own, on another server.
  func login(at server: ClinicTestServer.Running, port: Int? = nil) async throws -> ClinicClient {
    let client = try ClinicClient(
      configuration: ClinicClientConfiguration(
        servers: [ServerAddress(host: "127.0.0.1", port: port ?? server.port)],
        certificateAuthority: .file(server.certificateAuthority), connections: 1))
    try await PasswordWork.shared.run {
      try await client.login(company: company.slug, email: email, password: Self.password)
    }
    return client
  }
}
