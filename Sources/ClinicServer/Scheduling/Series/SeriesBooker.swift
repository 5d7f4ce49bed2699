internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// Books the occurrences of a series, through the same door as every other booking.
struct SeriesBooker {
  /// The days of occurrences whose facts are read together.
  private static let stretch: Int64 = 31 * 86_400
  /// The most conflicts that an error names, and occurrences that a series books at a time.
  private static let namedConflicts = 100
  static let mostOccurrences = 1_000

  let booking: Booking
  let series: AppointmentSeries

  /// An occurrence to book, by when the pattern has it begin.
  struct Occurrence {
    let recurrence: Int64
    /// The appointment whose place it takes.
    var replaced: Appointment?
  }

  /// Books what fits, in order.
  func book(
    _ occurrences: [Occurrence], by mutation: Mutation
  ) async throws -> [SeriesOccurrence] {
    var results: [SeriesOccurrence] = []
    var rest = occurrences[...]
    // Nothing of the series itself is in the facts, and its own appointments may be close together.
    var taken = Span(0, 0)
    while let first = rest.first {
      let stretch = rest.prefix { $0.recurrence < first.recurrence + Self.stretch }
      rest = rest.dropFirst(stretch.count)
      let last = stretch.last?.recurrence ?? first.recurrence
      let facts = try await booking.facts(
        question(Span(first.recurrence, last + 86_400)), by: mutation)
      for occurrence in stretch {
        results.append(try book(occurrence, facts: facts, after: &taken, by: mutation))
      }
    }
    return results
  }

  private func book(
    _ occurrence: Occurrence, facts: SchedulingFacts, after taken: inout Span,
    by mutation: Mutation
  ) throws -> SeriesOccurrence {
    let time = Timestamp(instant: occurrence.recurrence)
    let margin =
      Int64(facts.type.bufferBeforeMinutes + facts.type.bufferAfterMinutes) * 60
    guard occurrence.recurrence >= mutation.now.unixSeconds - WantedTime.grace else {
      return SeriesOccurrence(recurrenceTime: time, conflict: "IN_THE_PAST")
    }
    guard occurrence.recurrence >= taken.end + margin else {
      return SeriesOccurrence(
        recurrenceTime: time, conflict: TimeUnavailable.Reason.taken.rawValue)
    }
    do {
      let appointment = try booking.enqueue(
        try wanted(occurrence.recurrence), as: .booked,
        links: Booking.Links(
          rescheduledFrom: try occurrence.replaced?.uuid, appointmentSeriesID: try series.uuid,
          recurrence: PostgresTimestamp(instant: occurrence.recurrence)),
        facts: facts, by: mutation)
      taken = appointment.span
      return SeriesOccurrence(recurrenceTime: time, appointment: appointment)
    } catch let error as TimeUnavailable {
      return SeriesOccurrence(recurrenceTime: time, conflict: error.reason.rawValue)
    }
  }

  /// The occurrences as they are, where they are wanted so; else an error that names those that do
  /// not fit.
  static func admit(
    _ occurrences: [SeriesOccurrence], skippingConflicts: Bool
  ) throws -> [SeriesOccurrence] {
    let conflicts = occurrences.filter { !$0.conflict.isEmpty }
    guard conflicts.count == occurrences.count || !conflicts.isEmpty && !skippingConflicts else {
      return occurrences
    }
    guard !occurrences.isEmpty else { return [] }
    let detail = SeriesConflicts(occurrences: Array(conflicts.prefix(namedConflicts)))
    throw RPCError.failedPrecondition(
      "\(conflicts.count) of \(occurrences.count) appointments cannot be booked; they are in the "
        + "details",
      reason: "SERIES_CONFLICTS", subject: "series.pattern",
      metadata: ["conflicts": "\(conflicts.count)", "occurrences": "\(occurrences.count)"],
      details: [
        .other(
          typeURL: "type.googleapis.com/clinic.v1.SeriesConflicts",
          value: try detail.serializedBytes())
      ])
  }

  private func wanted(_ start: Int64) throws -> WantedTime {
    WantedTime(
      patientID: try UUID(contract: series.patientID, field: "series.patient_id"),
      appointmentTypeID: try UUID(
        contract: series.appointmentTypeID, field: "series.appointment_type_id"), start: start,
      length: series.lengthMinutes == 0 ? nil : Int64(series.lengthMinutes) * 60,
      resourceIDs: try WantedTime.ids(series.resourceIds, field: "series.resource_ids"),
      reason: series.reason, fields: .series)
  }

  private func question(_ span: Span) throws -> SchedulingFacts.Question {
    let wanted = try wanted(span.start)
    return SchedulingFacts.Question(
      appointmentTypeID: wanted.appointmentTypeID, patientID: wanted.patientID,
      resourceIDs: wanted.resourceIDs,
      span: span, clock: booking.clock, fields: wanted.fields)
  }
}

extension Recurrence {
  /// The instants of the occurrences after one moment, up to the end of a day.
  func instants(
    after moment: Int64, through horizon: LocalDay, clock: LocalTimeResolver
  ) -> [Int64] {
    occurrences(through: horizon).lazy.map { clock.instant(of: $0) }.filter { $0 > moment }
  }

  /// The occurrence that begins at an instant; nil where there is none.
  func occurrence(at instant: Int64, clock: LocalTimeResolver) -> LocalMoment? {
    let day = clock.local(at: instant).localDay
    // A skipped time of the day before may be shown on this one.
    return occurrences(through: day + 1).first { clock.instant(of: $0) == instant }
  }

  /// Whether anything happens after a day.
  func goesOn(after day: LocalDay) -> Bool {
    occurrences(through: day + Self.searchDays).contains { $0.localDay > day }
  }

  /// Whether anything happens after a moment.
  func goesOn(after moment: LocalMoment) -> Bool {
    occurrences(through: moment.localDay + Self.searchDays).contains { $0 > moment }
  }
}
