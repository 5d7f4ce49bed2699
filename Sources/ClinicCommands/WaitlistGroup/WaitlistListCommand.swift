internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl waitlist list`
struct WaitlistListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists who waits, in the order in which they get offers.")

  enum State: String, ExpressibleByArgument, CaseIterable {
    case waiting, offered, booked, removed

    var value: WaitlistEntryState {
      switch self {
      case .waiting: .waiting
      case .offered: .offered
      case .booked: .booked
      case .removed: .removed
      }
    }
  }

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(name: .long, help: "Only of this patient: an id, or a search that finds only them.")
  var patient: String?

  @Option(name: .long, help: "Only for this kind of appointment, by name or id.")
  var type: String?

  @Option(name: .long, help: "Only in this state. Default: waiting and offered.")
  var state: State?

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      var filter = WaitlistEntryFilter(state: state?.value ?? .unspecified)
      if let patient { filter.patientID = try await schedule.patientID(patient) }
      if let type { filter.appointmentTypeID = try await schedule.appointmentTypeID(type) }
      let columns = try await WaitlistColumns(schedule).list
      try await context.printPages(
        page, "entries", columns: columns, csv: CSVColumns(of: WaitlistEntry.self)
      ) { token in
        let request = ListWaitlistEntriesRequest(
          pageSize: page.size, pageToken: token, filter: filter)
        return try await client.waitlist.listEntries(request, options: context.callOptions)
          .jsonValue()
      }
    }
  }
}
