internal import ClinicContracts
package import Logging
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// The platform's own company: made by whichever server or command finds it missing.
enum PlatformCompany {
  /// Makes the company with its roles and no staff, where it is missing.
  static func ensure(in database: Database) async throws {
    let deadline = Deadline.after(.seconds(30))
    let rows = try await database.read(
      CompanyStatements.get(Platform.companyID), in: Platform.companyID, deadline: deadline)
    guard rows.count == 0 else { return }
    do {
      try await SystemActor.change(in: Platform.companyID, of: database) { mutation in
        var settings = CompanySettings().withDefaults
        settings.timeZone = "Etc/UTC"
        let new = NewCompany(slug: Platform.slug, name: "Platform", settings: settings)
        _ = try new.insert(by: mutation)
      }
    } catch let error as PostgresError where error.sqlState == .uniqueViolation {
      // Another server was faster.
    }
  }
}

extension DatabaseSetup {
  /// Makes a platform administrator, and tells the password to change at the first login.
  package static func addPlatformAdministrator(
    _ configuration: ServerConfiguration, email: String, name: String, logger: Logger
  ) async throws -> String {
    guard StringFormat.email.matches(email) else {
      throw ServerStartupError(
        .invalidConfiguration, "email is \"\(email)\"; it must be an e-mail address.")
    }
    let password = GeneratedPassword.make()
    let hash = try await PasswordHasher().hash(password)
    return try await withApplication(configuration, logger: logger) { database in
      try await PlatformCompany.ensure(in: database)
      try await SystemActor.change(in: Platform.companyID, of: database) { mutation in
        _ = try await Administrator(
          email: email, displayName: name, passwordHash: hash, mustChangePassword: true
        ).insert(by: mutation)
      }
      return password
    }
  }

  /// Lends the database to a command that acts beside or instead of a running server.
  private static func withApplication<Result: Sendable>(
    _ configuration: ServerConfiguration, logger: Logger,
    _ body: (Database) async throws -> Result
  ) async throws -> Result {
    if configuration.databaseURL == nil,
      let running = RunningEmbeddedPostgres.endpoint(dataDirectory: configuration.dataDirectory)
    {
      return try await withClient(running.url(user: "clinic_app"), logger: logger) { client in
        try await body(Database(client: client, logger: logger))
      }
    }
    return try await withDatabase(configuration, logger: logger) { url in
      try await withClient(url, logger: logger) { client in
        try await body(Database(client: client, logger: logger))
      }
    }
  }
}
