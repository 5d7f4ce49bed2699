/// How the waitlist is shown.
struct WaitlistColumns: Sendable {
  private let names: [String: String]
  private let moments: MomentText

  init(_ schedule: ClinicSchedule) async throws {
    names = try await schedule.resourceNames()
    moments = schedule.moments
  }

  /// The columns of a list.
  var list: [TableColumn] {
    [
      TableColumn("Id", "waitlistEntryId", isFlexible: false),
      TableColumn("Patient", "patientName"),
      TableColumn("For", "appointmentTypeName"), TableColumn("Priority", "priority"),
      TableColumn("State", "state"), time("Offered", "offer.startTime"),
      time("Until", "offer.expireTime"), time("Waits since", "createTime")
    ]
  }

  /// The lines of a record.
  var record: [TableColumn] {
    let names = names
    return [
      TableColumn("Id", "waitlistEntryId"), TableColumn("State", "state"),
      TableColumn("Patient", "patientName"), TableColumn("Patient's id", "patientId"),
      TableColumn("For", "appointmentTypeName"), TableColumn("Priority", "priority"),
      TableColumn("With") { element in
        (element["resourceIds"]?.elements ?? []).compactMap(\.text).map { names[$0] ?? $0 }
          .joined(separator: "\n")
      },
      TableColumn("From", "earliestDate"), TableColumn("Until", "latestDate"),
      TableColumn("Times") {
        ($0["windows"]?.elements ?? []).map(WaitlistWindowText.text).joined(separator: "\n")
      },
      TableColumn("Notice", "noticeMinutes"), TableColumn("Notes", "notes"),
      TableColumn("Offer", "offer.offerId"), TableColumn("Offer's state", "offer.state"),
      time("Offered", "offer.startTime"), time("Offer ends", "offer.expireTime"),
      time("Waits since", "createTime"), TableColumn("Etag", "etag")
    ]
  }

  /// The columns of offers.
  var offers: [TableColumn] {
    [
      TableColumn("Id", "waitlistOfferId", isFlexible: false), time("Time", "startTime"),
      TableColumn("State", "state"), time("Ends", "expireTime"),
      TableColumn("Entry", "waitlistEntryId", isFlexible: false),
      TableColumn("Appointment", "appointmentId", isFlexible: false)
    ]
  }

  private func time(_ title: String, _ path: String) -> TableColumn {
    let moments = moments
    return TableColumn(title, isFlexible: false) {
      moments.text(ofTimestamp: $0.value(at: path))
    }
  }
}
