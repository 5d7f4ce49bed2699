internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore

/// What an entry of the waitlist must keep to, and which times suit it.
enum WaitlistRules {
  /// Checks the rules that span fields.
  static func check(_ entry: WaitlistEntry, path: String) throws {
    var violations: [FieldViolation] = []
    for (field, date) in [
      ("earliest_date", entry.earliestDate), ("latest_date", entry.latestDate)
    ] where date != nil && date?.wholeDay == nil {
      violations.append(
        FieldViolation(
          field: "\(path).\(field)", reason: "NO_SUCH_DATE",
          description: "must be a whole date of the calendar"))
    }
    if let first = entry.earliestDate?.wholeDay, let last = entry.latestDate?.wholeDay,
      last < first
    {
      violations.append(
        FieldViolation(
          field: "\(path).latest_date", reason: "ENDS_BEFORE_IT_BEGINS",
          description: "must not be before earliest_date"))
    }
    for (index, window) in entry.windows.enumerated() {
      let starts = window.starts.map(minute) ?? 0
      let ends = window.ends.map(minute) ?? 1_440
      guard let starts, let ends, starts < ends else {
        violations.append(
          FieldViolation(
            field: "\(path).windows[\(index)]", reason: "OUT_OF_RANGE",
            description: "must start at a time of day and end at a later one"))
        continue
      }
    }
    if !violations.isEmpty { throw RPCError.invalidArgument(violations: violations) }
  }

  /// Whether an entry's patient could come to a time.
  static func suits(
    _ entry: WaitlistEntry, _ span: Span, now: Int64, clock: LocalTimeResolver
  ) -> Bool {
    guard span.start >= now + Int64(entry.noticeMinutes) * 60 else { return false }
    let starts = clock.local(at: span.start)
    let ends = clock.local(at: span.end)
    if let first = entry.earliestDate?.wholeDay, starts.day < first { return false }
    if let last = entry.latestDate?.wholeDay, starts.day > last { return false }
    guard !entry.windows.isEmpty else { return true }
    // Of an appointment that ends at midnight, the end is 24:00 of its own day.
    let endSecond = (ends.day - starts.day) * 86_400 + ends.second
    return entry.windows.contains { window in
      (window.dayOfWeek == .unspecified || Int(window.dayOfWeek.rawValue) == starts.dayOfWeek)
        && (window.starts?.minuteOfDay ?? 0) * 60 <= starts.second
        && endSecond <= (window.ends?.minuteOfDay ?? 1_440) * 60
    }
  }

  private static func minute(_ time: LocalTime) -> Int? {
    OpeningInterval.minute(hours: Int(time.hours), minutes: Int(time.minutes))
  }
}
