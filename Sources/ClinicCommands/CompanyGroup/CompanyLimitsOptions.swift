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
    help: ArgumentHelp("Calls of each account in a second, and at once.", valueName: "rate/burst"))
  var accountCalls: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Cost of each account in a second, and at once.", valueName: "rate/burst"))
  var accountCost: String?

  @Option(name: .long, help: ArgumentHelp("Calls of each account in a day.", valueName: "count"))
  var accountCallsPerDay: String?

  @Option(name: .long, help: ArgumentHelp("Cost of each account in a day.", valueName: "cost"))
  var accountCostPerDay: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The clinic's share of a busy server, 1 to 100; 1.", valueName: "weight"))
  var weight: String?

  init() {}

  /// Adds the values of the options.
  func apply(to draft: inout MessageDraft) throws {
    for (path, text) in [
      ("clinic.calls", clinicCalls), ("clinic.cost", clinicCost), ("account.calls", accountCalls),
      ("account.cost", accountCost)
    ] {
      guard let parts = text?.split(separator: "/", omittingEmptySubsequences: false) else {
        continue
      }
      guard parts.count <= 2 else {
        throw CommandFailure.usage("a rate is a number, or two as 100/1000")
      }
      try draft.set("\(path).per_second", String(parts[0]))
      try draft.set("\(path).burst", parts.count == 2 ? String(parts[1]) : "0")
    }
    for (path, text) in [
      ("clinic.calls_per_day", clinicCallsPerDay), ("clinic.cost_per_day", clinicCostPerDay),
      ("account.calls_per_day", accountCallsPerDay), ("account.cost_per_day", accountCostPerDay),
      ("weight", weight)
    ] { try draft.set(path, text) }
  }
}
