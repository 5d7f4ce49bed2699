internal import ArgumentParser
internal import ClinicContracts

/// The options for what suits somebody who waits.
struct WaitlistFieldOptions: ParsableArguments {
  enum Priority: String, ExpressibleByArgument, CaseIterable {
    case routine, soon, urgent

    var value: WaitlistPriority {
      switch self {
      case .routine: .routine
      case .soon: .soon
      case .urgent: .urgent
      }
    }
  }

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "Only with this practitioner, room or equipment. Repeat it for a choice.",
      valueName: "resource"))
  var resources: [String] = []

  @Option(name: .long, help: ArgumentHelp("From this day on.", valueName: "day"))
  var from: String?

  @Option(name: .long, help: ArgumentHelp("Until this day, with it.", valueName: "day"))
  var until: String?

  @Option(
    name: .customLong("at"),
    help: ArgumentHelp(
      "Only at these times, as 'mon-fri 09:00-12:00', 'sat' or '14:00-17:00'. Repeat it.",
      valueName: "times"))
  var windows: [String] = []

  @Option(name: .long, help: "Who comes first: routine, soon, urgent.")
  var priority: Priority?

  @Option(name: .long, help: ArgumentHelp("The shortest notice.", valueName: "minutes"))
  var notice: Int32?

  @Option(name: .long, help: "What else there is to know.")
  var notes: String?

  init() {}

  func validate() throws {
    for text in windows where WaitlistWindowText.windows(text) == nil {
      throw ValidationError("'\(text)' are no times as 'mon-fri 09:00-12:00'")
    }
  }

  /// Sets what the options say, and tells which fields that are.
  func apply(to entry: inout WaitlistEntry, _ schedule: ClinicSchedule) async throws -> [String] {
    var paths: [String] = []
    if !resources.isEmpty {
      entry.resourceIds = try await schedule.resourceIDs(resources)
      paths.append("resource_ids")
    }
    if let from {
      entry.earliestDate = try schedule.date(from)
      paths.append("earliest_date")
    }
    if let until {
      entry.latestDate = try schedule.date(until)
      paths.append("latest_date")
    }
    if !windows.isEmpty {
      entry.windows = windows.flatMap { WaitlistWindowText.windows($0) ?? [] }
      paths.append("windows")
    }
    if let priority {
      entry.priority = priority.value
      paths.append("priority")
    }
    if let notice {
      entry.noticeMinutes = notice
      paths.append("notice_minutes")
    }
    if let notes {
      entry.notes = notes
      paths.append("notes")
    }
    return paths
  }
}
