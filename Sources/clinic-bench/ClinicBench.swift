import ArgumentParser

/// Measures the service from the outside.
@main
struct ClinicBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clinic-bench",
    abstract: "Measures Clinic RPC from the outside. Scripts/bench runs the whole set.",
    subcommands: [LoadCommand.self, WatchCommand.self, IdleCommand.self, ReportCommand.self])
}
