internal import ClinicContracts

/// How series are shown.
struct SeriesColumns: Sendable {
  private let appointments: AppointmentColumns

  init(_ schedule: ClinicSchedule) async throws {
    appointments = try await AppointmentColumns(schedule)
  }

  /// The columns of a list.
  var list: [TableColumn] {
    [
      TableColumn("Id", "appointmentSeriesId", isFlexible: false),
      TableColumn("Patient", "patientName"),
      TableColumn("For", "appointmentTypeName"), TableColumn("First") { Self.start($0) },
      TableColumn("Rule", "pattern.rule"), TableColumn("State", "state")
    ]
  }

  /// The lines of a record.
  var record: [TableColumn] {
    let names = appointments.names
    return [
      TableColumn("Id", "appointmentSeriesId"), TableColumn("State", "state"),
      TableColumn("Patient", "patientName"), TableColumn("Patient's id", "patientId"),
      TableColumn("For", "appointmentTypeName"), TableColumn("First") { Self.start($0) },
      TableColumn("Rule", "pattern.rule"),
      TableColumn("With") { element in
        (element["resourceIds"]?.elements ?? []).compactMap(\.text).map { names[$0] ?? $0 }
          .joined(separator: "\n")
      },
      TableColumn("Minutes", "lengthMinutes"), TableColumn("Reason", "reason"),
      TableColumn("Booked up to", "bookedThrough"),
      TableColumn("Parted from", "previousAppointmentSeriesId"),
      TableColumn("Etag", "etag")
    ]
  }

  /// The columns of occurrences.
  var occurrences: [TableColumn] {
    let moments = appointments.moments
    return [
      TableColumn("Occurrence", isFlexible: false) {
        moments.text(ofTimestamp: $0["recurrenceTime"])
      },
      TableColumn("Takes place", isFlexible: false) {
        moments.text(ofTimestamp: $0.value(at: "appointment.startTime"))
      },
      TableColumn("Status") { element in
        element["conflict"]?.text ?? element.value(at: "appointment.status").map(DisplayText.of)
          ?? ""
      },
      TableColumn("Appointment", "appointment.appointmentId", isFlexible: false)
    ]
  }

  private static func start(_ series: JSONValue) -> String {
    guard let start = series.value(at: "pattern.start") else { return "" }
    return
      "\(DisplayText.of(start["date"] ?? .null)) \(MomentText.clock(of: start["time"]) ?? "00:00")"
  }
}

extension MomentText {
  /// `14:30` of the JSON of a time of day; nil where there is none.
  static func clock(of time: JSONValue?) -> String? {
    time.map { time in
      func number(_ name: String) -> Int { time[name]?.scalarText.flatMap { Int($0) } ?? 0 }
      return clock(number("hours") * 60 + number("minutes"))
    }
  }
}

extension ReplyPrinter {
  /// Shows a series and its occurrences.
  func printSeries(_ reply: JSONValue, columns: SeriesColumns) throws {
    try printRecord(reply, "series", columns: columns.record)
    guard format == .table, reply["occurrences"] != nil else { return }
    try output.write("\n")
    try printList(
      reply, "occurrences", columns: columns.occurrences,
      csv: CSVColumns(of: SeriesOccurrence.self))
  }
}
