import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

extension TestPractice {
  /// A time on the clinic's wall clock, a month ahead or some days later.
  func local(_ hour: Int32, _ minute: Int32 = 0, day: Int = 0) -> LocalDateTime {
    LocalDateTime(date: Self.date(day), time: LocalTime(hours: hour, minutes: minute))
  }

  /// Books a series of the practice's type.
  func series(
    _ patient: Patient, _ rule: String, at start: LocalDateTime, skippingConflicts: Bool = false,
    validateOnly: Bool = false, requestID: String = "",
    _ change: (inout AppointmentSeries) -> Void = { _ in }
  ) async throws -> CreateAppointmentSeriesResponse {
    var series = AppointmentSeries(
      patientID: patient.patientID, appointmentTypeID: type.appointmentTypeID,
      pattern: RecurrencePattern(start: start, rule: rule))
    change(&series)
    return try await admin.series.create(
      CreateAppointmentSeriesRequest(
        series: series, skipConflicts: skippingConflicts, requestID: requestID,
        validateOnly: validateOnly))
  }

  /// A series' occurrences as they are now.
  func occurrences(_ series: AppointmentSeries?) async throws -> [SeriesOccurrence] {
    try await admin.series.get(
      GetAppointmentSeriesRequest(appointmentSeriesID: series?.appointmentSeriesID ?? "")
    ).occurrences
  }

  /// Those of them that take up time.
  func live(_ series: AppointmentSeries?) async throws -> [Appointment] {
    try await occurrences(series).compactMap(\.appointment).filter { $0.status.takesUpTime }
  }

  /// What a London clock shows at a time, in minutes since midnight.
  static func minute(_ time: Timestamp?) throws -> Int {
    let london = try requireValue(LocalTimeResolver(timeZone: "Europe/London"))
    return london.local(at: time?.seconds ?? 0).minute
  }

  /// Puts somebody on the waitlist for the practice's type.
  @discardableResult
  func wait(
    _ patient: Patient, _ change: (inout WaitlistEntry) -> Void = { _ in }
  ) async throws -> WaitlistEntry {
    var entry = WaitlistEntry(
      patientID: patient.patientID, appointmentTypeID: type.appointmentTypeID)
    change(&entry)
    let reply = try await admin.waitlist.createEntry(CreateWaitlistEntryRequest(entry: entry))
    return try requireValue(reply.entry)
  }

  func entry(_ entry: WaitlistEntry) async throws -> WaitlistEntry {
    let reply = try await admin.waitlist.getEntry(
      GetWaitlistEntryRequest(waitlistEntryID: entry.waitlistEntryID))
    return try requireValue(reply.entry)
  }

  func offers(_ entry: WaitlistEntry? = nil) async throws -> [WaitlistOffer] {
    try await admin.waitlist.listOffers(
      ListWaitlistOffersRequest(
        pageSize: 1_000, filter: WaitlistOfferFilter(waitlistEntryID: entry?.waitlistEntryID ?? ""))
    ).offers
  }

  /// The entry's offer, once it has been made one.
  func openOffer(_ waiting: WaitlistEntry) async throws -> WaitlistOffer {
    try await eventually {
      try await entry(waiting).offer.flatMap { $0.state == .open ? $0 : nil }
    }
  }

  func cancel(_ appointment: Appointment) async throws {
    try await apply(.cancel, to: appointment)
  }

  /// Has somebody wait, and a time freed for them.
  func offer(
    to patient: Patient, hour: Int = 14
  ) async throws -> (entry: WaitlistEntry, offer: WaitlistOffer) {
    let booked = try await book(try await clinic.patient(family: "Other"), at: time(hour))
    let entry = try await wait(patient)
    try await cancel(booked)
    return (entry, try await openOffer(entry))
  }

  /// Has the time come at which a series is booked further.
  func passDay(of appointmentSeriesID: UUID) async throws {
    _ = try await clinic.server.inspect(
      "update clinic.timers set fires_at = now() where subject_id = \(appointmentSeriesID)")
  }

  /// Has the time of a hold, or of an offer, be over.
  func passTime(ofHold appointmentID: String) async throws {
    let id = try requireValue(UUID(uuidString: appointmentID))
    _ = try await clinic.server.inspect(
      """
      with hold as (
        update clinic.appointments set hold_expires_at = now() - interval '1 second'
        where id = \(id) returning id
      ), claims as (
        update clinic.appointment_claims c set expires_at = now() - interval '1 second' from hold
        where c.appointment_id = hold.id
      ), offers as (
        update clinic.waitlist_offers o set expires_at = now() - interval '1 second' from hold
        where o.appointment_id = hold.id
      )
      update clinic.timers t set fires_at = now() from hold where t.subject_id = hold.id
      """)
  }
}

/// What a question answers in the end; fails where it gives nothing for half a minute.
func eventually<Value>(
  _ ask: () async throws -> Value?, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> Value {
  for _ in 0..<600 {
    if let value = try await ask() { return value }
    try await Task.sleep(for: .milliseconds(50))
  }
  return try #require(try await ask(), "never happened", sourceLocation: sourceLocation)
}

extension RPCError {
  /// The occurrences that a refused series tells of.
  var seriesConflicts: [SeriesOccurrence] {
    for case .other("type.googleapis.com/clinic.v1.SeriesConflicts", let value) in details {
      return (try? SeriesConflicts(serializedBytes: value))?.occurrences ?? []
    }
    return []
  }
}
