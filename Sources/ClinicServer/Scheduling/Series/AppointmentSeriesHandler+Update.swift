package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension AppointmentSeriesHandler {
  package func updateAppointmentSeries(
    _ request: UpdateAppointmentSeriesRequest, context: TenantContext
  ) async throws -> UpdateAppointmentSeriesResponse {
    let update = request.series ?? AppointmentSeries()
    let paths = try UpdateMask.appointmentSeries.paths(of: request.updateMask, for: update)
    return try await Booking.settle(in: TenantScope(context, in: database)) { booking in
      try await booking.scope.mutate(request) { mutation in
        let part = try await part(
          of: request.appointmentSeriesID, request.scope, at: request.recurrenceTime,
          etag: update.etag,
          booking: booking, by: mutation)
        guard request.scope != .this else {
          return try await move(part, update, paths: paths, booking: booking, by: mutation)
        }
        return try await change(
          part, update, paths: paths, skippingConflicts: request.skipConflicts, booking: booking,
          by: mutation)
      }
    }
  }

  /// What of a series a request means, locked.
  struct Part {
    var series: AppointmentSeries
    let isAll: Bool
    /// The occurrences before it; nil where there are none, or all are meant.
    let before: Recurrence?
    /// The occurrences that are meant.
    let recurrence: Recurrence
    /// The occurrence that the request names.
    let moment: LocalMoment
    /// The appointments of the meant occurrences, in order.
    let appointments: [Appointment]
  }

  /// Locks a series and the appointments that a request means.
  func part(
    of appointmentSeriesID: String, _ scope: SeriesScope, at time: Timestamp?, etag: String,
    booking: Booking, by mutation: Mutation
  ) async throws -> Part {
    let id = try UUID(contract: appointmentSeriesID, field: "appointment_series_id")
    let rows = try await mutation.query(AppointmentSeriesStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let series = try AppointmentSeries(row: rows[0])
    try Etag.check(etag, against: series.etag)
    guard series.state == .active, let pattern = series.pattern else {
      throw RPCError.failedPrecondition(
        "The series has ended", type: "STATE", subject: "series.state")
    }
    let clock = booking.clock.resolver
    let recurrence = try pattern.recurrence(path: "series.pattern", clock: clock)
    var (before, after, moment) = (Recurrence?.none, recurrence, recurrence.start)
    if scope != .all {
      guard let time else {
        throw RPCError.invalidArgument(
          field: "recurrence_time", reason: "REQUIRED", description: "must name an occurrence")
      }
      guard let named = recurrence.occurrence(at: time.seconds, clock: clock) else {
        throw RPCError.notFound(
          "The series has no such occurrence", reason: "OCCURRENCE_NOT_FOUND",
          field: "recurrence_time")
      }
      moment = named
      let parts = recurrence.split(at: named)
      before = parts.before
      after = parts.after ?? recurrence
    }
    let from =
      scope == .all ? PostgresTimestamp(instant: 0) : PostgresTimestamp(time ?? Timestamp())
    let appointments = try await lockOccurrences(of: id, from: from, by: mutation)
    return Part(
      series: series, isAll: scope == .all || before == nil, before: before, recurrence: after,
      moment: moment,
      appointments: scope == .this
        ? appointments.filter { $0.recurrenceTime?.seconds == time?.seconds } : appointments)
  }

  /// Locks the appointments of a series, which is locked, from a moment on.
  ///
  /// A statement that waits for an appointment which is being moved does not see what takes its
  /// place: that came after the statement began. So it is run until it finds nothing that was not
  /// locked before. None is added then, since only what takes the place of another one would be.
  private func lockOccurrences(
    of id: UUID, from: PostgresTimestamp, by mutation: Mutation
  ) async throws -> [Appointment] {
    let lock = AppointmentSeriesStatements.lockOccurrences(mutation.companyID, id, from)
    while true {
      let rows = try await mutation.query([
        lock, lock, AppointmentSeriesStatements.occurrencesFrom(mutation.companyID, id, from)
      ])
      guard rows[0].count == rows[1].count else { continue }
      return try (0..<rows[2].count).map { try Appointment(row: rows[2][$0]) }
    }
  }

  // MARK: One appointment

  /// Moves one appointment of a series.
  private func move(
    _ part: Part, _ update: AppointmentSeries, paths: [String], booking: Booking,
    by mutation: Mutation
  ) async throws -> UpdateAppointmentSeriesResponse {
    for path in paths
    where !["pattern", "pattern.start", "resource_ids", "length_minutes"].contains(path) {
      throw RPCError.invalidArgument(
        field: "update_mask", reason: "NOT_CHANGEABLE",
        description: "must name pattern.start, resource_ids or length_minutes for one appointment")
    }
    guard var old = part.appointments.last else { throw Self.notBooked }
    _ = try appointments.target(of: .reschedule, from: old)
    var start = old.span.start
    if paths.contains(where: { $0.hasPrefix("pattern") }) {
      guard let moment = update.pattern?.start?.moment else {
        throw RPCError.invalidArgument(
          field: "series.pattern.start", reason: "NO_SUCH_TIME", description: "must be a time")
      }
      start = try WantedTime.start(
        Timestamp(instant: booking.clock.resolver.instant(of: moment)),
        field: "series.pattern.start", now: mutation.now.unixSeconds)
    }
    let wanted = WantedTime(
      patientID: try UUID(contract: old.patientID, field: "patient_id"),
      appointmentTypeID: try UUID(contract: old.appointmentTypeID, field: "appointment_type_id"),
      start: start,
      length: paths.contains("length_minutes") && update.lengthMinutes > 0
        ? Int64(update.lengthMinutes) * 60 : old.span.length,
      resourceIDs: try WantedTime.ids(update.resourceIds, field: "series.resource_ids"),
      reason: old.reason, fields: .occurrence)
    let new = try await booking.enqueue(
      wanted, inPlaceOf: old, keepingResources: !paths.contains("resource_ids"), by: mutation)
    try replace(&old, with: new, booking: booking, by: mutation)
    return UpdateAppointmentSeriesResponse(
      series: part.series, occurrences: [SeriesOccurrence(new)])
  }

  /// Cancels an appointment whose place another one takes.
  private func replace(
    _ old: inout Appointment, with new: Appointment?, booking: Booking, by mutation: Mutation
  ) throws {
    try appointments.cancel(
      &old, by: .clinic, reason: new == nil ? .other : .rescheduled,
      note: new == nil ? "The series was changed" : "", replacement: try new?.uuid,
      clock: booking.clock, mutation: mutation)
    mutation.log(Change(new == nil ? .cancelled : .rescheduled, .appointment, [try old.uuid]))
  }

  // MARK: Many

  /// Changes the occurrences of a part: what stays where it is stays booked, the rest is moved.
  private func change(
    _ part: Part, _ update: AppointmentSeries, paths: [String], skippingConflicts: Bool,
    booking: Booking, by mutation: Mutation
  ) async throws -> UpdateAppointmentSeriesResponse {
    let clock = booking.clock.resolver
    let now = mutation.now.unixSeconds
    let plan = try SeriesChange(part, update, paths: paths, clock: clock)
    let horizon = max(booking.horizon(at: mutation.now), part.series.bookedThroughDay)
    let instants = plan.recurrence.instants(after: now, through: horizon, clock: clock)
    guard instants.count <= SeriesBooker.mostOccurrences else {
      throw RPCError.failedPrecondition(
        "The series has \(instants.count) appointments up to \(horizon); it must have at most "
          + "\(SeriesBooker.mostOccurrences)",
        reason: "SERIES_SIZE", subject: "series.pattern")
    }
    var changed = plan.series
    var previous: AppointmentSeries?
    if part.isAll {
      changed.bookedThrough = Date(day: horizon.number)
      try store(changed, plan.recurrence, by: mutation)
      planFurther(try changed.uuid, plan.recurrence, horizon: horizon, by: mutation)
      mutation.log(Change(.updated, .appointmentSeries, [try changed.uuid], fields: paths))
      changed.touch(at: mutation.now)
    } else if let before = part.before {
      previous = try end(part.series, with: before, booking: booking, by: mutation)
      changed = try await insert(
        changed, plan.recurrence, previous: try part.series.uuid,
        skippingConflicts: skippingConflicts, horizon: horizon, by: mutation)
    }
    let sorting = plan.sort(part.appointments, into: instants, now: now)
    let kept = try adopt(sorting.kept, into: changed, by: mutation)
    try await mutation.releaseTime(of: try sorting.moved.map { try $0.uuid })
    // The next one takes the place of the next one.
    let wanted = sorting.instants.enumerated().map { index, instant in
      SeriesBooker.Occurrence(
        recurrence: instant,
        replaced: sorting.moved.indices.contains(index) ? sorting.moved[index] : nil)
    }
    let booked = try SeriesBooker.admit(
      await SeriesBooker(booking: booking, series: changed).book(wanted, by: mutation),
      skippingConflicts: skippingConflicts)
    for (index, old) in sorting.moved.enumerated() {
      var old = old
      let new = booked.indices.contains(index) ? booked[index].appointment : nil
      try replace(&old, with: new, booking: booking, by: mutation)
    }
    return UpdateAppointmentSeriesResponse(
      series: changed, previousSeries: previous,
      occurrences: (kept.map { SeriesOccurrence($0) } + booked).sorted {
        ($0.recurrenceTime?.seconds ?? 0) < ($1.recurrenceTime?.seconds ?? 0)
      })
  }

  /// Has appointments that keep their time belong to a series, with its reason. Those that do so
  /// already stay as they are.
  private func adopt(
    _ kept: [Appointment], into series: AppointmentSeries, by mutation: Mutation
  ) throws -> [Appointment] {
    var adopted: [UUID] = []
    let appointments = try kept.map { appointment in
      guard
        appointment.appointmentSeriesID != series.appointmentSeriesID
          || appointment.reason != series.reason
      else {
        return appointment
      }
      adopted.append(try appointment.uuid)
      var appointment = appointment
      appointment.appointmentSeriesID = series.appointmentSeriesID
      appointment.reason = series.reason
      appointment.etag = Etag.next(after: appointment.etag)
      appointment.updateTime = Timestamp(mutation.now)
      return appointment
    }
    guard !adopted.isEmpty else { return appointments }
    mutation.enqueue(
      AppointmentSeriesStatements.adopt(
        mutation.companyID, adopted, try series.uuid, series.reason))
    mutation.log(
      Change(.updated, .appointment, adopted, fields: ["appointment_series_id", "reason"]))
    return appointments
  }

  /// Has a series go on as a pattern says; without any, it has ended.
  func end(
    _ series: AppointmentSeries, with pattern: Recurrence?, booking: Booking, by mutation: Mutation
  ) throws -> AppointmentSeries {
    var series = series
    let stored = try (series.pattern ?? RecurrencePattern())
      .recurrence(path: "series.pattern", clock: booking.clock.resolver)
    if pattern == nil { series.state = .ended }
    series.pattern = RecurrencePattern(pattern ?? stored)
    try store(series, pattern ?? stored, by: mutation)
    mutation.log(
      Change(
        .updated, .appointmentSeries, [try series.uuid],
        fields: pattern == nil ? ["state"] : ["pattern"]))
    series.touch(at: mutation.now)
    return series
  }
}
