internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// A dashboard as it was read, and when its day ends.
struct DashboardReading: Sendable {
  let dashboard: Dashboard
  let dayEnds: Deadline
  let readAt: Deadline

  /// Reads a clinic's dashboard in one round trip.
  static func read(of companyID: UUID, from database: Database) async throws -> DashboardReading {
    let rows = try await database.read(
      [
        DashboardStatements.head(companyID), CompanyStatements.get(companyID),
        DashboardStatements.appointments(companyID), DashboardStatements.resources(companyID),
        DashboardStatements.exceptions(companyID), DashboardStatements.claims(companyID)
      ], in: companyID, deadline: .after(.seconds(10)))
    guard rows[0].count == 1, rows[1].count == 1 else { throw CompanyHandler.notFound }
    return try DashboardReading(rows: rows)
  }

  private init(rows: [PostgresRows]) throws {
    let head = rows[0][0]
    let (sequence, now, today, ends, open, overdue, due, unanswered) = try head.decode(
      Int64.self, PostgresTimestamp.self, PostgresDate.self, PostgresTimestamp.self, Int64.self,
      Int64.self, Int64.self, Int64.self)
    let settings = try Company(row: rows[1][0]).settings ?? CompanySettings()
    let entries = try (0..<rows[2].count).map { try DashboardEntry(row: rows[2][$0]) }
    let exceptions = try (0..<rows[4].count).map { try AvailabilityException(row: rows[4][$0]) }
    var claims: [UUID: [Span]] = [:]
    for index in 0..<rows[5].count {
      let (id, starts, ends) = try rows[5][index].decode(
        UUID.self, PostgresTimestamp.self, PostgresTimestamp.self)
      claims[id, default: []].append(Span(starts.unixSeconds, ends.unixSeconds))
    }
    let clock = try ClinicClock(settings)
    let calendar = LocalCalendar(clock.resolver, days: today.unixDays...today.unixDays)
    let resources = try (0..<rows[3].count).map { index in
      let resource = try Resource(row: rows[3][index])
      return DashboardResource(
        resource, open: clock.spans(of: resource, deviations: exceptions, in: calendar),
        claims: UUID(text: resource.resourceID).flatMap { claims[$0] } ?? [],
        entries: entries, day: calendar.bounds, now: now.unixSeconds)
    }
    var summary = DashboardSummary(entries: entries, resources: resources)
    summary.openFollowUpCount = Int32(clamping: open)
    summary.overdueFollowUpCount = Int32(clamping: overdue)
    summary.dueFollowUpCount = Int32(clamping: due)
    summary.unansweredFollowUpCount = Int32(clamping: unanswered)
    dashboard = Dashboard(
      sequence: sequence, asOfTime: Timestamp(now), date: Date(day: today.unixDays),
      timeZone: settings.timeZone, summary: summary,
      board: entries.map(\.appointment).filter(\.isOnBoard), resources: resources)
    dayEnds = .after(ends.duration(since: now))
    readAt = .now
  }
}

/// An appointment as the dashboard reads it.
private struct DashboardEntry {
  let appointment: Appointment
  /// The time that it takes up of its resources.
  let span: Span
  /// Whether it begins on the day.
  let isOfDay: Bool

  init(row: PostgresRow) throws {
    appointment = try Appointment(row: row)
    let (before, after): (Int32, Int32) = (
      try row.decode(row.count - 3), try row.decode(row.count - 2)
    )
    let own = appointment.span
    span = Span(own.start - Int64(before) * 60, own.end + Int64(after) * 60)
    isOfDay = try row.decode(row.count - 1)
  }
}

extension Appointment {
  /// Whether the appointment stands on the board of its day.
  fileprivate var isOnBoard: Bool {
    switch status {
    case .booked, .confirmed, .arrived, .checkedIn, .inConsultation, .completed, .noShow,
      .leftBeforeSeen:
      true
    default: false
    }
  }

  /// Whether it takes up time that was there to be used.
  fileprivate var countsAsBooked: Bool {
    status.takesUpTime && status != .held || status == .completed
  }
}

extension DashboardSummary {
  /// The figures of a day's appointments. Who waits does so whatever day the appointment is on.
  fileprivate init(entries: [DashboardEntry], resources: [DashboardResource]) {
    self.init()
    let all = entries.filter(\.isOfDay).map(\.appointment)
    var counts: [AppointmentStatus: Int32] = [:]
    for appointment in all { counts[appointment.status, default: 0] += 1 }
    appointments = counts.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { AppointmentCount(status: $0.key, count: $0.value) }
    noShowCount = counts[.noShow] ?? 0
    let waiting = entries.map(\.appointment)
      .filter { $0.status == .arrived || $0.status == .checkedIn }
    waitingCount = Int32(waiting.count)
    longestWaitingSince = waiting.compactMap(\.arriveTime).min {
      ($0.seconds, $0.nanos) < ($1.seconds, $1.nanos)
    }
    let waits = all.compactMap { appointment -> Int64? in
      guard let arrived = appointment.arriveTime, let begun = appointment.consultationStartTime
      else { return nil }
      return max(begun.seconds - arrived.seconds, 0)
    }
    if !waits.isEmpty {
      averageWaitSeconds = Int32(clamping: waits.reduce(0, +) / Int64(waits.count))
      longestWaitSeconds = Int32(clamping: waits.max() ?? 0)
    }
    let practitioners = resources.filter { $0.kind == .practitioner }
    let available = practitioners.reduce(0) { $0 + Int64($1.availableMinutes) }
    let booked = practitioners.reduce(0) { $0 + Int64($1.bookedMinutes) }
    if available > 0 {
      utilisationPercent = Int32(clamping: (booked * 100 + available / 2) / available)
    }
  }
}

extension DashboardResource {
  /// The least free time that is worth telling, in seconds.
  private static let leastFree: Int64 = 600

  fileprivate init(
    _ resource: Resource, open: [Span], claims: [Span], entries: [DashboardEntry], day: Span,
    now: Int64
  ) {
    let booked =
      entries
      .filter {
        $0.appointment.countsAsBooked && $0.appointment.resourceIds.contains(resource.resourceID)
      }
      .reduce(0) { $0 + $1.span.clipped(to: day).length }
    let available = open.reduce(0) { $0 + $1.length } * Int64(resource.capacity)
    self.init(
      resourceID: resource.resourceID, kind: resource.kind, name: resource.name,
      bookedMinutes: Int32(clamping: booked / 60), availableMinutes: Int32(clamping: available / 60)
    )
    let rest = Spans.clip(open, to: Span(now, .max))
    let free = Spans.subtract(
      Spans.covered(by: Int(resource.capacity), of: claims), from: rest)
    if let next = free.first(where: { $0.length >= Self.leastFree }) {
      nextFreeTime = Timestamp(instant: next.start)
      nextFreeUntilTime = Timestamp(instant: next.end)
    }
  }
}
