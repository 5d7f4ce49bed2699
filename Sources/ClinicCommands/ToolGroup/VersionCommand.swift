internal import ArgumentParser

/// `clinicctl version`
struct VersionCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Shows the version of the tool.")

  @OptionGroup package var globals: GlobalOptions

  init() {}

  func run(_ context: CommandContext) async throws {
    switch context.printer.format {
    case .table: try context.environment.output.write("clinicctl \(Clinicctl.toolVersion)\n")
    default: try context.printer.print(["version": .string(Clinicctl.toolVersion)])
    }
  }
}
