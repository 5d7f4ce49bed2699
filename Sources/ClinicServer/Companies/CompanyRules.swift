internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore

/// The rules of a clinic's settings that span fields.
enum CompanyRules {
  /// Checks the opening hours: real times, in order, not overlapping on one day.
  static func check(_ settings: CompanySettings, path: String) throws {
    let intervals = settings.openingHours.map { hours in
      OpeningInterval(
        day: Int(hours.dayOfWeek.rawValue), opens: hours.opens?.minuteOfDay ?? -1,
        closes: hours.closes?.minuteOfDay ?? -1)
    }
    let violations = OpeningHoursRules.violations(in: intervals).map { index, violation in
      FieldViolation(
        field: "\(path).opening_hours[\(index)]", reason: violation.rawValue,
        description: "\(violation)")
    }
    if !violations.isEmpty { throw RPCError.invalidArgument(violations: violations) }
  }
}

extension LocalTime {
  /// Minutes since midnight; -1 for a time past 24:00.
  var minuteOfDay: Int {
    OpeningInterval.minute(hours: Int(hours), minutes: Int(minutes)) ?? -1
  }
}
