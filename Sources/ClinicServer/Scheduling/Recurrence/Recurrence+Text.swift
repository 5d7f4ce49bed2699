extension Recurrence {
  /// Reads RRULE, RDATE and EXDATE properties, one to a line, for a series that begins at `start`.
  /// A date without a time stands for the start's time on that day.
  ///
  /// - Throws: ``RecurrenceError``, which names the property or the part of the rule.
  package init(start: LocalMoment, text: some StringProtocol) throws(RecurrenceError) {
    self.init(start: start)
    for line in text.split(whereSeparator: \.isNewline) {
      let pair = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = pair[0].uppercased()
      guard pair.count == 2 else {
        throw RecurrenceError(String(name.prefix(40)), .malformed, "must have a value")
      }
      switch name {
      case "RRULE":
        guard rule == nil else {
          throw RecurrenceError(name, .duplicate, "must stand there once")
        }
        rule = try RecurrenceRule(text: pair[1])
      case "RDATE": additions.formUnion(try Self.moments(pair[1], name, start: start))
      case "EXDATE": exceptions.formUnion(try Self.moments(pair[1], name, start: start))
      case "EXRULE": throw RecurrenceError(name, .unsupported, "is not supported")
      default:
        throw RecurrenceError(
          String(name.prefix(40)), .malformed, "is none of RRULE, RDATE and EXDATE")
      }
    }
  }

  /// The properties of the recurrence but for its start, one to a line.
  package var text: String {
    var lines = rule.map { ["RRULE:\($0.text)"] } ?? []
    for (name, moments) in [("RDATE", additions), ("EXDATE", exceptions)] where !moments.isEmpty {
      lines.append(name + ":" + moments.sorted().map(\.basicText).joined(separator: ","))
    }
    return lines.joined(separator: "\n")
  }

  private static func moments(
    _ text: some StringProtocol, _ name: String, start: LocalMoment
  ) throws(RecurrenceError) -> [LocalMoment] {
    var moments: [LocalMoment] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      if let moment = LocalMoment(basicText: item) {
        moments.append(moment)
      } else if let day = LocalDay(basicText: item) {
        moments.append(LocalMoment(day, second: start.second))
      } else {
        throw RecurrenceError(
          name, .malformed, "must list days or local times, as 20261231 or 20261231T090000")
      }
    }
    return moments
  }
}
