/// How appointments are shown: with names for resources, on the clinic's clock.
struct AppointmentColumns: Sendable {
  let names: [String: String]
  let moments: MomentText

  init(_ schedule: ClinicSchedule) async throws {
    names = try await schedule.resourceNames()
    moments = schedule.moments
  }

  /// The columns of a list.
  var list: [TableColumn] {
    [
      TableColumn("Id", "appointmentId", isFlexible: false), time("When", "startTime"),
      TableColumn("Patient", "patientName"), TableColumn("For", "appointmentTypeName"),
      TableColumn("With") { who($0).joined(separator: ", ") }, TableColumn("Status", "status")
    ]
  }

  /// The lines of a record.
  var record: [TableColumn] {
    [
      TableColumn("Id", "appointmentId"), TableColumn("Status", "status"),
      time("From", "startTime"), time("Until", "endTime"), TableColumn("Patient", "patientName"),
      TableColumn("Patient's id", "patientId"), TableColumn("For", "appointmentTypeName"),
      TableColumn("With") { who($0).joined(separator: "\n") }, TableColumn("Reason", "reason"),
      time("Held until", "holdExpireTime"), TableColumn("Overbooked", "overbookReason"),
      TableColumn("Cancelled") { cancellation($0["cancellation"]) },
      TableColumn("Instead of", "rescheduledFromAppointmentId"),
      TableColumn("Moved to", "rescheduledToAppointmentId"),
      TableColumn("Series", "appointmentSeriesId"), time("Confirmed", "confirmTime"),
      time("Arrived", "arriveTime"), time("Checked in", "checkInTime"),
      time("Seen", "consultationStartTime"), time("Completed", "completeTime"),
      time("Created", "createTime"), time("Changed", "updateTime"), TableColumn("Etag", "etag")
    ]
  }

  /// The columns of free times.
  var slots: [TableColumn] {
    [
      time("From", "startTime"), time("Until", "endTime"),
      TableColumn("With") { who($0).joined(separator: ", ") }
    ]
  }

  private func who(_ element: JSONValue) -> [String] {
    (element["resourceIds"]?.elements ?? []).compactMap(\.text).map { names[$0] ?? $0 }
  }

  private func time(_ title: String, _ name: String) -> TableColumn {
    moments.column(title, name)
  }

  private func cancellation(_ value: JSONValue?) -> String {
    guard let value else { return "" }
    let words = [
      DisplayText.of(value["reason"] ?? .null),
      "by the " + DisplayText.of(value["cancelledBy"] ?? .null),
      value["late"] == .bool(true) ? "late" : "", value["note"]?.text ?? ""
    ]
    return words.filter { !$0.isEmpty && $0 != "by the " }.joined(separator: ", ")
  }
}
