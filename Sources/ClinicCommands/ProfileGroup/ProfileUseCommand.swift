internal import ArgumentParser

/// `clinicctl profile use NAME`
struct ProfileUseCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "use", abstract: "Chooses the profile that commands work with.")

  @OptionGroup package var globals: GlobalOptions

  @Argument(
    help: "The profile's name.", completion: .custom { _, _, _ in ProfileStore.completions() })
  var name: String

  init() {}

  func run(_ context: CommandContext) async throws {
    let store = context.environment.profiles
    _ = try store.selected(option: name, variables: [:])
    try store.use(name)
    try context.note("Commands work with the profile '\(name)' now.")
  }
}
