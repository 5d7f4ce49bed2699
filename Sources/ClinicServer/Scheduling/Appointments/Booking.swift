internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// Puts appointments in. Whatever books — a call, a series, a waitlist — does it through here.
struct Booking {
  /// How often a booking that lost a race looks again: each round either finds the winner, and is
  /// refused with what is free, or something else that is free.
  private static let attempts = 10

  let scope: TenantScope
  let clock: ClinicClock

  init(_ scope: TenantScope) async throws {
    self.scope = scope
    clock = try await ClinicClock(of: scope)
  }

  /// What an appointment begins as.
  enum Beginning {
    case requested
    /// Held until a moment.
    case held(until: Int64)
    case booked
    /// Booked in spite of everything, with the reason.
    case overbooked(String)

    var status: AppointmentStatus {
      switch self {
      case .requested: .requested
      case .held: .held
      case .booked, .overbooked: .booked
      }
    }

    var overbookReason: String? {
      if case .overbooked(let reason) = self { reason } else { nil }
    }

    fileprivate var action: Change.Action {
      switch self {
      case .requested: .requested
      case .held: .held
      case .booked: .booked
      case .overbooked: .overbooked
      }
    }
  }

  /// What ties an appointment to others.
  struct Links {
    var rescheduledFrom: UUID?
    var appointmentSeriesID: UUID?
    var recurrence: PostgresTimestamp?
  }

  /// Runs what books, again where it lost a race. A time that cannot be had becomes an error that
  /// names the nearest free ones.
  static func settle<Reply>(
    in scope: TenantScope, _ body: (Booking) async throws -> Reply
  ) async throws -> Reply {
    for _ in 0..<attempts {
      let booking = try await Booking(scope)
      do {
        return try await body(booking)
      } catch let error as PostgresError where error.isRaceOfBookings {
        // It may be the clinic's settings that were changed: they are remembered for a moment.
        scope.database.settingsCache.forget(scope.companyID)
      } catch let error as TimeUnavailable {
        throw try await error.error(in: scope, clock: booking.clock)
      }
    }
    throw RPCError.aborted(
      "Others book the same time, or change what is booked, at the same moment",
      reason: "CONTENTION")
  }

  /// Ends the holds whose time is over, and reads the facts about a wanted time.
  func facts(_ wanted: WantedTime, by mutation: Mutation) async throws -> SchedulingFacts {
    try await facts(wanted.question(clock), by: mutation)
  }

  /// Ends the holds whose time is over, and reads the facts that answer a question.
  func facts(
    _ question: SchedulingFacts.Question, by mutation: Mutation
  ) async throws -> SchedulingFacts {
    let rows = try await mutation.query(
      [AppointmentStatements.expireHolds(mutation.companyID)]
        + question.statements(in: mutation.companyID))
    try logExpired(rows[0], by: mutation)
    return try SchedulingFacts(question, rows: Array(rows.dropFirst()))
  }

  /// Ends the holds whose time is over.
  func sweep(by mutation: Mutation) async throws {
    try logExpired(
      await mutation.query(AppointmentStatements.expireHolds(mutation.companyID)), by: mutation)
  }

  private func logExpired(_ rows: PostgresRows, by mutation: Mutation) throws {
    let expired = try (0..<rows.count).map { try rows[$0].decode(UUID.self, UUID?.self) }
    guard !expired.isEmpty else { return }
    mutation.expect(.timeFreed, at: mutation.now)
    mutation.log(Change(.expired, .appointment, expired.map(\.0), fields: ["status"]))
    mutation.log(offersSettledOf: expired.compactMap(\.1))
  }

  /// Puts off everything that makes an appointment. The last statements raise CL002 where somebody
  /// was faster, for ``settle(_:)``.
  ///
  /// - Throws: ``TimeUnavailable`` where the time is taken or nobody is available.
  func enqueue(
    _ wanted: WantedTime, as beginning: Beginning, links: Links = Links(), facts: SchedulingFacts,
    by mutation: Mutation
  ) throws -> Appointment {
    let isOverbooked = beginning.overbookReason != nil
    let chosen = try facts.choose(for: wanted, mayOverbook: isOverbooked)
    let id = UUIDv7.make()
    let now = Timestamp(mutation.now)
    let end = wanted.start + chosen.length
    var appointment = Appointment(
      appointmentID: id.text, patientID: wanted.patientID.text,
      patientName: facts.patientName ?? "", appointmentTypeID: facts.type.appointmentTypeID,
      appointmentTypeName: facts.type.name,
      startTime: Timestamp(instant: wanted.start), endTime: Timestamp(instant: end),
      status: beginning.status, resourceIds: chosen.ids.map(\.text), reason: wanted.reason,
      overbookReason: beginning.overbookReason ?? "",
      rescheduledFromAppointmentID: links.rescheduledFrom?.text ?? "",
      appointmentSeriesID: links.appointmentSeriesID?.text ?? "",
      recurrenceTime: links.recurrence.map(Timestamp.init), statusTime: now, createTime: now,
      updateTime: now, etag: Etag.text(version: 1))
    var expiry: PostgresTimestamp?
    if case .held(let until) = beginning {
      expiry = PostgresTimestamp(instant: until)
      appointment.holdExpireTime = Timestamp(instant: until)
    }
    mutation.enqueue(
      AppointmentStatements.insert(
        mutation.companyID, id, wanted.patientID, wanted.appointmentTypeID,
        PostgresTimestamp(instant: wanted.start), PostgresTimestamp(instant: end),
        facts.type.bufferBeforeMinutes, facts.type.bufferAfterMinutes,
        Int16(truncatingIfNeeded: beginning.status.rawValue), wanted.reason, expiry,
        beginning.overbookReason ?? "", links.rescheduledFrom, links.appointmentSeriesID,
        links.recurrence))
    mutation.enqueue(
      AppointmentStatements.insertResources(
        mutation.companyID, id, PostgresTimestamp(instant: wanted.start), chosen.ids))
    mutation.enqueue(
      try facts.admission(
        of: id, with: chosen.ids, in: mutation.companyID, ignoresHours: isOverbooked))
    if beginning.status.takesUpTime {
      mutation.enqueue(AppointmentStatements.claim(mutation.companyID, id, isOverbooked))
    }
    if let expiry { mutation.expect(.holdEnd, at: expiry) }
    mutation.log(
      Change(beginning.action, .appointment, [id], reason: beginning.overbookReason ?? ""))
    return appointment
  }
}

extension PostgresError {
  /// Whether somebody was faster: what a booking was decided on is not so any more, or its patient
  /// was deleted. Whoever looks again finds out which.
  fileprivate var isRaceOfBookings: Bool {
    sqlState == .timeTaken
      || sqlState == .foreignKeyViolation
        && ["appointments_patient_fkey", "appointment_series_patient_fkey"].contains(constraint)
  }
}
