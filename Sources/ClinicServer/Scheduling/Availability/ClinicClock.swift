internal import ClinicContracts
internal import RPCCore
internal import struct Foundation.UUID

/// What a clinic's settings say about time: its zone, its opening hours, how it books.
struct ClinicClock: Sendable {
  let resolver: LocalTimeResolver
  let opening: [WeeklyInterval]
  let policy: SchedulingPolicy
  /// The version of the clinic's record that the settings are from; nil where nobody knows.
  let settingsVersion: Int64?

  /// The clock of the entered company.
  init(of scope: TenantScope) async throws {
    let known = try await scope.database.knownSettings(
      of: scope.companyID, deadline: scope.context.deadline)
    try self.init(known.settings, version: known.version)
  }

  init(_ settings: CompanySettings, version: Int64? = nil) throws {
    guard let resolver = LocalTimeResolver(timeZone: settings.timeZone) else {
      throw RPCError.failedPrecondition(
        "The clinic's time zone is unknown to the server", type: "TIME_ZONE",
        subject: "company.settings.time_zone")
    }
    self.resolver = resolver
    opening = settings.openingHours.map { hours in
      WeeklyInterval(
        OpeningInterval(
          day: Int(hours.dayOfWeek.rawValue), opens: hours.opens?.minuteOfDay ?? 0,
          closes: hours.closes?.minuteOfDay ?? 0))
    }
    policy = settings.scheduling ?? SchedulingPolicy()
    settingsVersion = version
  }

  /// Seconds before the start of an appointment in which a patient cancels late.
  var lateCancellation: Int64 { Int64(policy.lateCancellationHours ?? 24) * 3_600 }

  /// Seconds that a hold lasts where the request does not say.
  var hold: Int64 { Int64(policy.holdMinutes == 0 ? 10 : policy.holdMinutes) * 60 }

  /// Seconds between the starts that are offered.
  var grid: Int { Int(policy.alignmentMinutes == 0 ? 15 : policy.alignmentMinutes) * 60 }

  /// When a resource is available.
  func spans(
    of resource: Resource, deviations: [AvailabilityException], in calendar: LocalCalendar
  ) -> [Span] {
    var weekly: [WeeklyInterval]? = resource.weeklyHours.compactMap { $0.interval() }
    if resource.weeklyHours.isEmpty {
      weekly = opening.isEmpty && resource.kind != .practitioner ? nil : opening
    }
    return AvailabilityRules.spans(
      weekly: weekly,
      deviations:
        deviations
        .filter { $0.resourceID.isEmpty || $0.resourceID == resource.resourceID }
        .compactMap(\.deviation),
      in: calendar)
  }
}

extension LocalCalendar {
  /// From the first moment of the first day to the one after the last, on the wall clock.
  var localBounds: (starts: LocalMoment, ends: LocalMoment) {
    (LocalMoment(day: days.lowerBound), LocalMoment(day: days.upperBound + 1))
  }
}
