internal import ArgumentParser

/// The options for the limits of a clinic.
struct CompanyLimitsOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Calls of the clinic in a second, and at once.", valueName: "rate/burst"))
  var clinicCalls: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Cost of the clinic in a second, and at once.", valueName: "rate/burst"))
  var clinicCost: String?

  @Option(name: .long, help: ArgumentHelp("Calls of the clinic in a day.", valueName: "count"))
  var clinicCallsPerDay: String?

  @Option(name: .long, help: ArgumentHelp("Cost of the clinic in a day.", valueName: "cost"))
  var clinicCostPerDay: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Calls of each account or key in a second, and at once.", valueName: "rate/burst"))
  var accountCalls: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Cost of each account or key in a second, and at once.", valueName: "rate/burst"))
  var accountCost: String?

  @Option(
    name: .long, help: ArgumentHelp("Calls of each account or key in a day.", valueName: "count"))
  var accountCallsPerDay: String?

  @Option(
    name: .long, help: ArgumentHelp("Cost of each account or key in a day.", valueName: "cost"))
  var accountCostPerDay: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The clinic's share of a busy server, 1 to 100; 1.", valueName: "weight"))
  var weight: String?

  init() {}

  /// Adds the values of the options.
  func apply(to draft: inout MessageDraft) throws {
    try draft.setLimits(
      "clinic", calls: clinicCalls, cost: clinicCost, callsPerDay: clinicCallsPerDay,
      costPerDay: clinicCostPerDay)
    try draft.setLimits(
      "account", calls: accountCalls, cost: accountCost, callsPerDay: accountCallsPerDay,
      costPerDay: accountCostPerDay)
    try draft.set("weight", weight)
  }
}
