import ArgumentParser
import ClinicServer

/// What callers may ask of the server, as options.
struct CallLimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What each clinic may use.",
      discussion: """
        calls=PER_SECOND[/BURST],cost=PER_SECOND[/BURST],day-calls=COUNT,day-cost=COUNT, any part \
        of it, or none. Rates count on each server, days (UTC) on all of them together. What a call \
        costs is in the contract: `clinicctl describe`. Platform administrators set other limits \
        for single clinics. Default: calls=100000,cost=1000000.
        """, valueName: "limits"))
  var clinicLimits: String?

  @Option(
    help: ArgumentHelp(
      "What each account of a clinic's staff and each API key may use; like --clinic-limits.",
      valueName: "limits"))
  var accountLimits: String?

  @Option(
    help: ArgumentHelp(
      "What each address may use that calls without credentials; calls=2000,cost=100000.",
      valueName: "limits"))
  var addressLimits: String?

  @Option(
    help: ArgumentHelp(
      "Calls worked on while one clinic has the server for itself; 64.", valueName: "count"))
  var callsAlone: Int?

  @Option(
    help: ArgumentHelp(
      "Calls worked on while several clinics call; four for each core, 8 at least.",
      discussion: "More where the database is far away: a call that waits for it holds its place.",
      valueName: "count"))
  var callsShared: Int?

  @Option(
    help: ArgumentHelp(
      "Calls of one clinic that wait for their turn; 4096.", valueName: "count"))
  var callsWaiting: Int?

  @Option(
    help: ArgumentHelp(
      "Seconds between two counts of usage into the database, 1 to 60; 2.", valueName: "seconds"))
  var usageInterval: Int?

  /// The limits.
  func limits(from source: SettingsSource) throws -> LimitSettings {
    var settings = LimitSettings()
    func limits(_ flag: String?, _ name: String) throws -> CallLimits? {
      guard let text = source.text(flag, name) else { return nil }
      guard let limits = CallLimits(text) else {
        throw ServerStartupError(
          .invalidConfiguration,
          "\(name) is \"\(text)\"; it must be as calls=100/1000,cost=500,day-calls=50000, or none.")
      }
      return limits
    }
    if let limits = try limits(clinicLimits, "clinic-limits") { settings.clinic = limits }
    if let limits = try limits(accountLimits, "account-limits") { settings.account = limits }
    if let limits = try limits(addressLimits, "address-limits") {
      guard limits.callsPerDay == nil, limits.costPerDay == nil else {
        throw ServerStartupError(
          .invalidConfiguration, "address-limits has a day: addresses have rates only.")
      }
      settings.address = limits
    }
    let any = 1...Int(Int32.max)
    settings.turns = TurnLimits(
      alone: try source.number(callsAlone, "calls-alone", in: any) ?? settings.turns.alone,
      shared: try source.number(callsShared, "calls-shared", in: any),
      waiting: try source.number(callsWaiting, "calls-waiting", in: any)
        ?? settings.turns.waiting)
    if let seconds = try source.number(usageInterval, "usage-interval", in: 1...60) {
      settings.usageInterval = .seconds(seconds)
    }
    return settings
  }
}
