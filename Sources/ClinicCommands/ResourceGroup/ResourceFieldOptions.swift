internal import ArgumentParser

/// The options for the values of a resource.
struct ResourceFieldOptions: ParsableArguments {
  @Option(name: .long, help: "The name, as 'Room 2'.") var name: String?
  @Option(name: .long, help: "How many appointments it takes at a time.") var capacity: String?
  @Option(
    name: .customLong("colour"),
    help: ArgumentHelp("In calendars, as '#3A7CA5'.", valueName: "colour"))
  var color: String?
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Weekly hours, as 'mon-fri 09:00-12:30' or 'sat 09:00-12:00 from 2026-12-01'. Repeat it; "
        + "all others go.", valueName: "hours"))
  var hours: [String] = []

  init() {}

  func validate() throws {
    for text in hours where WeeklyHoursText.json(text) == nil {
      throw ValidationError("'\(text)' are no weekly hours as 'mon-fri 09:00-12:30'")
    }
  }

  /// Fields that the server gives.
  static let serverFields: Set<String> = [
    "resource_id", "state", "create_time", "update_time", "etag"
  ]

  /// Adds the values of the options.
  func apply(to draft: inout MessageDraft) throws {
    for (path, text) in [("name", name), ("capacity", capacity), ("color", color)] {
      try draft.set(path, text)
    }
    if !hours.isEmpty {
      draft.set(list: "weekly_hours", to: hours.flatMap { WeeklyHoursText.json($0) ?? [] })
    }
  }
}
