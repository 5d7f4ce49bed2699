internal import ArgumentParser

/// The options of commands that change something.
struct RequestOptions: ParsableArguments {
  @Flag(name: .long, help: "Check the request and change nothing.")
  var validateOnly = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A UUID under which a repetition takes no second effect. Default: a new one.",
      valueName: "uuid"))
  var requestID: String?

  init() {}

  /// The request's id: the user's, or a new one.
  func identifier(_ context: CommandContext) -> String {
    requestID ?? context.environment.makeIdentifier()
  }

  /// Says that what was shown is not so, where the request was only checked.
  func noteCheck(_ context: CommandContext) throws {
    if validateOnly { try context.note("The request is right. Nothing was changed.") }
  }
}
