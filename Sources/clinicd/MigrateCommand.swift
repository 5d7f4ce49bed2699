import ArgumentParser
import ClinicServer

/// `clinicd migrate`
struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Bring a database to this version.",
    discussion: """
      Makes the roles clinic_owner and clinic_app, the schema and the extensions where they are \
      missing, then applies the numbered migrations that are, each in a transaction. Two at once \
      do no harm. The URL's role must be allowed to create roles and extensions.

      With --status, changes nothing, and ends with code 3 where something is to be done.
      """)

  @OptionGroup var database: DatabaseOptions

  @Flag(help: "Show what is applied and what is not.")
  var status = false

  @Option(
    help: ArgumentHelp(
      "A file with the password that the role clinic_app is to have.", valueName: "file"))
  var appPasswordFile: String?

  func run() async throws {
    try await ProcessLog.reporting {
      let source = try await SettingsSource(file: database.config)
      var configuration = ServerConfiguration()
      database.apply(to: &configuration, from: source)
      let logger = try ProcessLog.start(level: source.text(database.logLevel, "log-level"))
      if status {
        let report = try await DatabaseSetup.status(configuration, logger: logger)
        print(report.text)
        if !report.isCurrent { throw ExitCode(3) }
      } else {
        let password = try source.text(appPasswordFile, "app-password-file").map(
          SecretFile.read)
        let applied = try await DatabaseSetup.migrate(
          configuration, appPassword: password, logger: logger)
        print(applied.isEmpty ? "nothing to do" : "applied " + applied.joined(separator: ", "))
      }
    }
  }
}
