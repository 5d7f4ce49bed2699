import ArgumentParser
import ClinicServer

/// `clinicd serve`
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the clinics of a database.",
    discussion: """
      Without a database URL, makes, starts and supervises a private PostgreSQL in the data \
      folder, and migrates it. With one, refuses to start on a database that is not at this \
      version: run `clinicd migrate` first.

      Prints `ready on HOST:PORT` when it takes calls. SIGTERM or SIGINT drains: new calls are \
      refused, running ones end, and a second signal stops at once. SIGHUP reads the certificate \
      files again.
      """)

  @OptionGroup var database: DatabaseOptions
  @OptionGroup var options: ServeOptions

  func run() async throws {
    try await ProcessLog.reporting {
      let source = try await SettingsSource(file: database.config)
      var configuration = ServerConfiguration()
      database.apply(to: &configuration, from: source)
      try options.apply(to: &configuration, from: source)
      let logger = try ProcessLog.start(level: source.text(database.logLevel, "log-level"))
      try source.checkAllRead(butFor: ["app-password-file"])
      try await ClinicServer.run(configuration, logger: logger) { address in
        print("ready on \(address)")
        StandardOutput.flush()
      }
    }
  }
}
