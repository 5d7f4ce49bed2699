import ArgumentParser

/// The clinic server.
@main
struct Clinicd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clinicd",
    abstract: "The server of Clinic RPC.",
    discussion: """
      Every option can also be given in the environment, as CLINICD_ and its name in capitals \
      (CLINICD_DATABASE_URL), or in a JSON file ({"database-url": "…"}) named by --config or \
      CLINICD_CONFIG. A flag wins over the environment, and the environment over the file.
      """,
    version: "1.0.0",
    subcommands: [ServeCommand.self, MigrateCommand.self, AdministratorCommand.self],
    defaultSubcommand: nil)
}
