internal import ArgumentParser

/// `clinicctl profile remove NAME`
struct ProfileRemoveCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Deletes a profile and its credentials.",
    discussion: "The session stays open on the server: log out first to end it.")

  @OptionGroup package var globals: GlobalOptions
  @OptionGroup package var confirmation: ConfirmationOptions

  @Argument(
    help: "The profile's name.", completion: .custom { _, _, _ in ProfileStore.completions() })
  var name: String

  init() {}

  func run(_ context: CommandContext) async throws {
    let store = context.environment.profiles
    _ = try store.selected(option: name, variables: [:])
    try context.confirm("Delete the profile '\(name)'?", isAssumed: confirmation.yes)
    _ = try store.remove(name)
    try context.note("Deleted the profile '\(name)'.")
  }
}
