internal import ArgumentParser

/// A command that does something: its properties are its options, `run(_:)` is its work.
protocol ToolCommand: AsyncParsableCommand {
  /// The options that every command takes.
  var globals: GlobalOptions { get }

  /// How replies are shown where the user does not say.
  static var defaultFormat: OutputFormat { get }

  /// Does the work.
  func run(_ context: CommandContext) async throws
}

extension ToolCommand {
  static var defaultFormat: OutputFormat { .table }

  func run() async throws {
    try await run(
      CommandContext(environment: .current, globals: globals, format: Self.defaultFormat))
  }
}
