internal import ArgumentParser

/// The options for the limits of a key.
struct ApiKeyLimitsOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Calls in a second, and at once.", valueName: "rate/burst"))
  var calls: String?

  @Option(
    name: .long, help: ArgumentHelp("Cost in a second, and at once.", valueName: "rate/burst"))
  var cost: String?

  @Option(name: .long, help: ArgumentHelp("Calls in a day.", valueName: "count"))
  var callsPerDay: String?

  @Option(name: .long, help: ArgumentHelp("Cost in a day.", valueName: "cost"))
  var costPerDay: String?

  init() {}

  /// Adds the values of the options.
  func apply(to draft: inout MessageDraft) throws {
    try draft.setLimits(
      "limits", calls: calls, cost: cost, callsPerDay: callsPerDay, costPerDay: costPerDay)
  }
}
