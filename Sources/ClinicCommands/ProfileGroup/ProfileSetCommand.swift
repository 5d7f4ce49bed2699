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

  @Option(
    name: .customLong("api-key-file"),
    help: ArgumentHelp(
      "A file with the API key of a service account: commands call with it and do not log in. It "
        + "must be its owner's alone (mode 0600).", valueName: "file"),
    completion: .file())
  var apiKeyFile: String?

  init() {}

  func run(_ context: CommandContext) async throws {
    let store = context.environment.profiles
    var profile = try place.applied(to: store.profile(name), folder: currentFolder())
    if let apiKeyFile {
      profile.apiKeyFile = LoginPlaceOptions.absolute(apiKeyFile, in: currentFolder())
    }
    try store.save(profile, as: name)
    try context.note("Saved the profile '\(name)'.")
  }
}
