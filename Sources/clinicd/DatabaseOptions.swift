import ArgumentParser
import ClinicServer

/// The options of every command that needs the database.
struct DatabaseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A JSON file of options.", discussion: "CLINICD_CONFIG in the environment.",
      valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "The folder of the embedded database, development certificates and demo logins.",
      discussion: "Default: clinic-data in the working folder.", valueName: "folder"))
  var dataDir: String?

  @Option(
    help: ArgumentHelp(
      "The database, as a URL of libpq, several hosts included.",
      discussion: """
        `serve` logs in as the role clinic_app, `migrate` and `administrator` as a role that may \
        create roles and extensions. Default: a private PostgreSQL in the data folder. Prefer the \
        environment to the command line for a URL with a password.
        """,
      valueName: "url"))
  var databaseURL: String?

  @Option(
    help: ArgumentHelp(
      "The least level of log lines: trace, debug, info, notice, warning, error, critical.",
      discussion: "Default: info.", valueName: "level"))
  var logLevel: String?

  /// Puts the options into a configuration.
  func apply(to configuration: inout ServerConfiguration, from source: SettingsSource) {
    if let folder = source.text(dataDir, "data-dir") { configuration.dataDirectory = folder }
    configuration.databaseURL = source.text(databaseURL, "database-url")
  }
}
