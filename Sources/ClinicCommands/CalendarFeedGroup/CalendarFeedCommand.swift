internal import ArgumentParser

/// `clinicctl calendar feed …`
struct CalendarFeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feed", abstract: "Makes, revokes and reads iCalendar feeds.",
    subcommands: [
      CalendarFeedListCommand.self, CalendarFeedCreateCommand.self,
      CalendarFeedRevokeCommand.self, CalendarFeedReadCommand.self
    ])

  /// The columns of feeds.
  static func columns(_ schedule: ClinicSchedule) async throws -> [TableColumn] {
    let (names, moments) = (try await schedule.resourceNames(), schedule.moments)
    return [
      TableColumn("Id", "calendarFeedId", isFlexible: false), TableColumn("Name", "name"),
      TableColumn("Of") { element in
        element["resourceId"]?.text.map { names[$0] ?? $0 } ?? ""
      },
      TableColumn("Created", isFlexible: false) { moments.text(ofTimestamp: $0["createTime"]) },
      TableColumn("Last read", isFlexible: false) { moments.text(ofTimestamp: $0["lastReadTime"]) },
      TableColumn("Revoked", isFlexible: false) { moments.text(ofTimestamp: $0["revokeTime"]) }
    ]
  }
}
