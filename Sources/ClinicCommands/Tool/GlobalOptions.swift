internal import ArgumentParser

/// The options that every command takes, before or behind its name.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The profile to work with.", discussion: "Default: CLINICCTL_PROFILE, else the one in use.",
      valueName: "name"),
    completion: .custom { _, _, _ in ProfileStore.completions() })
  var profile: String?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("How to show replies. Default: table, json for call.", valueName: "format"),
    completion: .list(OutputFormat.allCases.map(\.rawValue)))
  var output: OutputFormat?

  @Option(
    name: .long,
    help: ArgumentHelp("When to colour.", valueName: "when"),
    completion: .list(ColorChoice.allCases.map(\.rawValue)))
  var color: ColorChoice = .auto

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How long to wait for the server. Default: as long as the method allows.",
      valueName: "seconds"))
  var timeout: Double?

  @Flag(name: [.customShort("q"), .long], help: "Say nothing on standard error but errors.")
  var quiet = false

  init() {}

  func validate() throws {
    if let timeout, !(timeout > 0 && timeout <= 86_400) {
      throw ValidationError("--timeout takes seconds, more than 0 and at most 86400")
    }
  }
}

extension OutputFormat: ExpressibleByArgument {}
extension ColorChoice: ExpressibleByArgument {}
