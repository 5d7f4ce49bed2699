package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension AppointmentHandler {
  /// The most bytes of a calendar, of the 4 MiB that a message has; the most appointments that are
  /// read for it; and of a month, whose days only count them.
  private static let mostBytes = 3 << 20
  private static let mostAppointments = 10_000
  private static let mostCounted = 100_000

  private static let tooLarge = RPCError.resourceExhausted(
    "The calendar does not fit into a reply: name fewer resources, or ask for a shorter time",
    reason: "REPLY_TOO_LARGE")

  package func getCalendar(
    _ request: GetCalendarRequest, context: TenantContext
  ) async throws -> GetCalendarResponse {
    let scope = TenantScope(context, in: database)
    let clock = try await ClinicClock(of: scope)
    let today = clock.resolver.local(at: PostgresTimestamp.now.unixSeconds).day
    let day = try request.date.map { try AvailabilityHandler.day($0, field: "date") } ?? today
    let calendar = LocalCalendar(clock.resolver, days: Self.days(of: request.view, around: day))
    let ids = try WantedTime.ids(request.resourceIds, field: "resource_ids")
    let isMonth = request.view == .month
    let bounds = calendar.bounds
    let local = calendar.localBounds
    let statement =
      isMonth ? AppointmentStatements.calendarTimes : AppointmentStatements.calendar
    let most = isMonth ? Self.mostCounted : Self.mostAppointments
    let rows = try await scope.read([
      AppointmentStatements.calendarResources(scope.companyID, ids),
      AvailabilityStatements.within(scope.companyID, local.starts.postgres, local.ends.postgres),
      statement(
        scope.companyID, ids, PostgresTimestamp(instant: bounds.start),
        PostgresTimestamp(instant: bounds.end), Int64(most + 1))
    ])
    guard rows[2].count <= most else { throw Self.tooLarge }
    var resources = try (0..<rows[0].count).map { try Resource(row: rows[0][$0]) }
    if !ids.isEmpty {
      let known = Dictionary(uniqueKeysWithValues: resources.map { ($0.resourceID, $0) })
      resources = try ids.enumerated().map { index, id in
        guard let resource = known[id.text] else {
          throw ResourceHandler.notFound.about("resource_ids[\(index)]")
        }
        return resource
      }
    }
    let exceptions = try (0..<rows[1].count).map { try AvailabilityException(row: rows[1][$0]) }
    let entries = try Entries(rows[2], isMonth: isMonth, calendar: calendar)
    let response = GetCalendarResponse(
      calendars: resources.map { resource in
        let available = clock.spans(of: resource, deviations: exceptions, in: calendar)
        return ResourceCalendar(
          resourceID: resource.resourceID, name: resource.name, kind: resource.kind,
          color: resource.color,
          days: calendar.days.map { day in
            entries.day(day, of: resource.resourceID, calendar.span(of: day), available)
          })
      },
      timeZone: clock.resolver.timeZone, firstDate: Date(day: calendar.days.lowerBound),
      lastDate: Date(day: calendar.days.upperBound))
    // Nearly every calendar is far below: then it is not measured exactly.
    if try response.serializedSizeBound() > Self.mostBytes {
      guard try response.serializedSize() <= Self.mostBytes else { throw Self.tooLarge }
    }
    scope.noteRead(entries.ids, of: entries.patientIDs)
    return response
  }

  /// The days of a view that a day is in.
  static func days(of view: CalendarView, around day: Int) -> ClosedRange<Int> {
    switch view {
    case .week:
      let monday = day - LocalMoment.dayOfWeek(of: day) + 1
      return monday...(monday + 6)
    case .month:
      guard let date = PartialDate(daysSince1970: day),
        let month = PartialDate(year: date.year, month: date.month)
      else { return day...day }
      return month.earliestDay...month.latestDay
    default:
      return day...day
    }
  }
}

/// What stands in a calendar, by resource and day.
private struct Entries {
  private struct Place: Hashable {
    let resource: String
    let day: Int
  }

  private struct Entry {
    let span: Span
    let status: AppointmentStatus
    let appointment: Appointment?
  }

  private var entries: [Place: [Entry]] = [:]
  /// The ids of the appointments that are shown, each once.
  private(set) var ids: [UUID] = []
  /// The patients who are shown.
  private(set) var patientIDs: Set<String> = []

  init(_ rows: PostgresRows, isMonth: Bool, calendar: LocalCalendar) throws {
    var seen = Set<UUID>()
    for index in 0..<rows.count {
      let row = rows[index]
      let entry: Entry
      if isMonth {
        let (starts, ends, status) = (
          try row.decode(0, as: PostgresTimestamp.self),
          try row.decode(1, as: PostgresTimestamp.self), try row.decode(2, as: Int16.self)
        )
        entry = Entry(
          span: Span(starts.unixSeconds, ends.unixSeconds),
          status: AppointmentStatus(rawValue: Int32(status)), appointment: nil)
      } else {
        let appointment = try Appointment(row: row)
        let id = try appointment.uuid
        if seen.insert(id).inserted { ids.append(id) }
        patientIDs.insert(appointment.patientID)
        entry = Entry(
          span: appointment.span, status: appointment.status, appointment: appointment)
      }
      let resource = try row.decode(row.count - 1, as: UUID.self).text
      // Over midnight, it is on both days.
      let first = calendar.local(at: entry.span.start).day
      let last = calendar.local(at: max(entry.span.end - 1, entry.span.start)).day
      for day in calendar.days.clamped(to: first...max(first, last)) {
        entries[Place(resource: resource, day: day), default: []].append(entry)
      }
    }
  }

  func day(_ day: Int, of resource: String, _ span: Span, _ open: [Span]) -> CalendarDay {
    let available = Spans.clip(open, to: span)
    let entries = entries[Place(resource: resource, day: day)] ?? []
    let counted = entries.filter { $0.status.takesUpTime || $0.status == .completed }
    return CalendarDay(
      date: Date(day: day), available: available.map(TimeSpan.init),
      appointments: entries.compactMap(\.appointment), appointmentCount: Int32(counted.count),
      availableMinutes: Int32(clamping: available.reduce(0) { $0 + $1.length } / 60),
      bookedMinutes: Int32(
        clamping: counted.reduce(0) { $0 + $1.span.clipped(to: span).length } / 60))
  }
}
