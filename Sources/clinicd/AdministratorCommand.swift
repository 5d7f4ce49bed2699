import ArgumentParser
import ClinicServer

/// `clinicd administrator`
struct AdministratorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "administrator",
    abstract: "Make a platform administrator, such as the first one.",
    discussion: """
      Prints a password that must be changed at the first login, with \
      `clinicctl login --company platform`. Works beside a running server.
      """)

  @OptionGroup var database: DatabaseOptions

  @Option(help: ArgumentHelp("The e-mail address, which is also the login name."))
  var email: String

  @Option(help: ArgumentHelp("The name."))
  var name: String = "Administrator"

  func run() async throws {
    try await ProcessLog.reporting {
      let source = try await SettingsSource(file: database.config)
      var configuration = ServerConfiguration()
      database.apply(to: &configuration, from: source)
      let logger = try ProcessLog.start(level: source.text(database.logLevel, "log-level"))
      let password = try await DatabaseSetup.addPlatformAdministrator(
        configuration, email: email, name: name, logger: logger)
      print(password)
    }
  }
}
