internal import ArgumentParser

/// `clinicctl profile set NAME`
struct ProfileSetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Makes a profile, or changes what it says.")

  @OptionGroup package var globals: GlobalOptions
  @OptionGroup package var place: LoginPlaceOptions

  @Argument(
    help: "The profile's name.", completion: .custom { _, _, _ in ProfileStore.completions() })
  var name: String

  init() {}

  func run(_ context: CommandContext) async throws {
    let store = context.environment.profiles
    let profile = try place.applied(to: store.profile(name), folder: currentFolder())
    try store.save(profile, as: name)
    try context.note("Saved the profile '\(name)'.")
  }
}
