extension RecurrenceRule {
  /// Reads the value of an RRULE property, with or without the property's name: `FREQ=WEEKLY;BYDAY=MO`.
  ///
  /// - Throws: ``RecurrenceError``, which names the part.
  package init(text: some StringProtocol) throws(RecurrenceError) {
    var parts = try Self.parts(of: text)
    guard let frequency = parts.removeValue(forKey: "FREQ") else {
      throw RecurrenceError("FREQ", .missing, "must say DAILY, WEEKLY, MONTHLY or YEARLY")
    }
    let count = try parts.removeValue(forKey: "COUNT").map(Self.count)
    let until = try parts.removeValue(forKey: "UNTIL").map(Self.until)
    if count != nil && until != nil {
      throw RecurrenceError("UNTIL", .contradictory, "cannot stand beside COUNT")
    }
    self = try RecurrenceRule(
      Self.frequency(frequency),
      interval: try Self.number(parts.removeValue(forKey: "INTERVAL") ?? "1", "INTERVAL"),
      end: until ?? count ?? .never,
      months: try Self.numbers(parts.removeValue(forKey: "BYMONTH"), "BYMONTH"),
      monthDays: try Self.numbers(parts.removeValue(forKey: "BYMONTHDAY"), "BYMONTHDAY"),
      weekdays: try Self.weekdays(parts.removeValue(forKey: "BYDAY")),
      setPositions: try Self.numbers(parts.removeValue(forKey: "BYSETPOS"), "BYSETPOS"),
      weekStart: try Self.weekday(parts.removeValue(forKey: "WKST") ?? "MO", "WKST"))
  }

  /// The value of an RRULE property. Two rules with the same parts have the same text.
  package var text: String {
    var parts = ["FREQ=\(frequency.rawValue)"]
    if interval != 1 { parts.append("INTERVAL=\(interval)") }
    switch end {
    case .never: break
    case .count(let count): parts.append("COUNT=\(count)")
    case .untilDay(let day): parts.append("UNTIL=\(day.basicText)")
    case .untilLocal(let moment): parts.append("UNTIL=\(moment.basicText)")
    case .untilUTC(let moment): parts.append("UNTIL=\(moment.basicText)Z")
    }
    Self.append("BYMONTH", months, to: &parts)
    Self.append("BYMONTHDAY", monthDays, to: &parts)
    Self.append("BYDAY", weekdays, to: &parts)
    Self.append("BYSETPOS", setPositions, to: &parts)
    if weekStart != .monday { parts.append("WKST=\(weekStart.code)") }
    return parts.joined(separator: ";")
  }

  private static func append(
    _ name: String, _ values: [some CustomStringConvertible], to parts: inout [String]
  ) {
    guard !values.isEmpty else { return }
    parts.append("\(name)=\(values.map(\.description).joined(separator: ","))")
  }
}

extension RecurrenceRule {
  private static let known: Set = [
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST"
  ]
  private static let unsupported: Set = [
    "BYSECOND", "BYMINUTE", "BYHOUR", "BYYEARDAY", "BYWEEKNO", "RSCALE", "SKIP"
  ]

  /// The values by their parts' names; names and values are the same in upper and lower case.
  private static func parts(
    of text: some StringProtocol
  ) throws(RecurrenceError) -> [String: String] {
    var text = text.uppercased()
    if text.hasPrefix("RRULE:") { text.removeFirst(6) }
    var parts: [String: String] = [:]
    for part in text.split(separator: ";", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(pair[0])
      if unsupported.contains(name) {
        throw RecurrenceError(name, .unsupported, "is not supported")
      }
      guard known.contains(name) else {
        throw RecurrenceError(
          String(name.prefix(40)), .malformed, "is no part of a recurrence rule")
      }
      guard pair.count == 2, !pair[1].isEmpty else {
        throw RecurrenceError(name, .malformed, "must have a value")
      }
      guard parts.updateValue(String(pair[1]), forKey: name) == nil else {
        throw RecurrenceError(name, .duplicate, "must stand there once")
      }
    }
    return parts
  }

  private static func frequency(_ text: String) throws(RecurrenceError) -> Frequency {
    if let frequency = Frequency(rawValue: text) { return frequency }
    let isFiner = ["SECONDLY", "MINUTELY", "HOURLY"].contains(text)
    throw RecurrenceError(
      "FREQ", isFiner ? .unsupported : .malformed, "must be DAILY, WEEKLY, MONTHLY or YEARLY")
  }

  private static func count(_ text: String) throws(RecurrenceError) -> End {
    .count(try number(text, "COUNT"))
  }

  private static func until(_ text: String) throws(RecurrenceError) -> End {
    if let day = LocalDay(basicText: text) { return .untilDay(day) }
    if let moment = LocalMoment(basicText: text) { return .untilLocal(moment) }
    if text.hasSuffix("Z"), let moment = LocalMoment(basicText: text.dropLast()) {
      return .untilUTC(moment)
    }
    throw RecurrenceError(
      "UNTIL", .malformed, "must be a day or a time, as 20261231 or 20261231T235959Z")
  }

  private static func number(
    _ text: some StringProtocol, _ part: String
  ) throws(RecurrenceError) -> Int {
    let isNegative = text.hasPrefix("-")
    let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard let number = Digits.number(digits) else {
      throw RecurrenceError(part, .malformed, "must be a number")
    }
    return isNegative ? -number : number
  }

  /// The numbers of a list, in order, each once.
  private static func numbers(
    _ text: String?, _ part: String
  ) throws(RecurrenceError) -> [Int] {
    var numbers: Set<Int> = []
    for item in text?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      numbers.insert(try number(item, part))
    }
    return numbers.sorted()
  }

  private static func weekdays(_ text: String?) throws(RecurrenceError) -> [OrdinalWeekday] {
    var weekdays: Set<OrdinalWeekday> = []
    for item in text?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      let weekday = try weekday(item.suffix(2), "BYDAY")
      let ordinal = item.dropLast(2)
      guard ordinal.isEmpty || Digits.number(ordinal.drop { $0 == "-" || $0 == "+" }) != 0 else {
        throw RecurrenceError("BYDAY", .outOfRange, "has no zeroth weekday")
      }
      weekdays.insert(
        OrdinalWeekday(weekday, ordinal: ordinal.isEmpty ? 0 : try number(ordinal, "BYDAY")))
    }
    return weekdays.sorted {
      ($0.weekday.rawValue, $0.ordinal) < ($1.weekday.rawValue, $1.ordinal)
    }
  }

  private static func weekday(
    _ code: some StringProtocol, _ part: String
  ) throws(RecurrenceError) -> Weekday {
    guard let weekday = Weekday.allCases.first(where: { $0.code == code }) else {
      throw RecurrenceError(part, .malformed, "must name weekdays as MO, TU, WE, TH, FR, SA, SU")
    }
    return weekday
  }
}

extension RecurrenceRule.OrdinalWeekday: CustomStringConvertible {
  /// `TU`, `2TU`, `-1FR`.
  package var description: String { (ordinal == 0 ? "" : "\(ordinal)") + weekday.code }
}

extension Weekday {
  /// The two letters of RFC 5545.
  var code: String {
    switch self {
    case .monday: "MO"
    case .tuesday: "TU"
    case .wednesday: "WE"
    case .thursday: "TH"
    case .friday: "FR"
    case .saturday: "SA"
    case .sunday: "SU"
    }
  }
}
