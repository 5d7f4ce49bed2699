internal import ArgumentParser
internal import ClinicContracts

/// The options that say how often something happens again.
struct RepeatOptions: ParsableArguments {
  enum Unit: String, ExpressibleByArgument, CaseIterable {
    case daily, weekly, monthly, yearly
  }

  @Option(
    name: .customLong("repeat"),
    help: "How often: \(Unit.allCases.map(\.rawValue).joined(separator: ", ")).")
  var unit: Unit?

  @Option(name: .long, help: ArgumentHelp("Every so many of these. Default: 1.", valueName: "n"))
  var every: Int?

  @Option(name: .customLong("times"), help: ArgumentHelp("So many times.", valueName: "n"))
  var count: Int?

  @Option(name: .customLong("until"), help: ArgumentHelp("Up to this day.", valueName: "day"))
  var lastDay: String?

  @Flag(name: .long, help: "On the last day of each month.")
  var lastOfMonth = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A rule of RFC 5545 instead, as 'FREQ=MONTHLY;BYDAY=2TU;COUNT=6'.", valueName: "rrule"))
  var rule: String?

  init() {}

  func validate() throws {
    let isPlain = every != nil || count != nil || lastDay != nil || lastOfMonth
    guard rule == nil || unit == nil && !isPlain else {
      throw ValidationError("--rule says it all: leave the other options out")
    }
    guard unit != nil || !isPlain else { throw ValidationError("say how often with --repeat") }
    guard count == nil || lastDay == nil else {
      throw ValidationError("--times and --until exclude each other")
    }
    guard !lastOfMonth || unit == .monthly else {
      throw ValidationError("--last-of-month needs --repeat monthly")
    }
  }

  /// The rule; nil where nothing is said.
  func text(_ moments: MomentText) throws -> String? {
    guard let unit else { return rule }
    var parts = ["FREQ=\(unit.rawValue.uppercased())"]
    if let every { parts.append("INTERVAL=\(every)") }
    if let count { parts.append("COUNT=\(count)") }
    if let lastDay {
      let digits = MomentText.date(try moments.day(lastDay)).filter { $0 != "-" }
      parts.append("UNTIL=\(digits)")
    }
    if lastOfMonth { parts.append("BYMONTHDAY=-1") }
    return parts.joined(separator: ";")
  }
}

extension LocalDateTime {
  /// A time that somebody typed, on the clinic's clock.
  init(_ text: String, _ schedule: ClinicSchedule) throws {
    let local = schedule.moments.zone.local(try schedule.moments.instant(text))
    self.init(
      date: Date(day: local.day),
      time: LocalTime(hours: Int32(local.minute / 60), minutes: Int32(local.minute % 60)))
  }
}
