internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl follow-up list`
struct FollowUpListCommand: ToolCommand {
  /// Where a follow-up stands, as the command line names it.
  enum StateOption: String, ExpressibleByArgument, CaseIterable {
    case open
    case inProgress = "in-progress"
    case snoozed
    case completed
    case cancelled

    /// The state as the contract names it.
    var state: FollowUpState {
      switch self {
      case .open: .open
      case .inProgress: .inProgress
      case .snoozed: .snoozed
      case .completed: .completed
      case .cancelled: .cancelled
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists follow-ups, what is due first at the beginning.",
    discussion: "Those that are not closed, where --state says nothing.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(name: .long, help: "Only those in a state. Repeatable.")
  var state: [StateOption] = []

  @Flag(name: .long, help: "Only those that you are to do, yourself or by one of your roles.")
  var mine = false

  @Flag(name: .long, help: "Only those that should be done by now.")
  var overdue = false

  @Option(name: .long, help: ArgumentHelp("Only those of a patient.", valueName: "id"))
  var patient: String?

  @Option(name: .long, help: ArgumentHelp("Only those from a note.", valueName: "id"))
  var note: String?

  @Option(name: .long, help: ArgumentHelp("Only those for a member of staff.", valueName: "id"))
  var staff: String?

  @Option(name: .long, help: ArgumentHelp("Only those for a role.", valueName: "id"))
  var role: String?

  @Option(name: .long, help: "Only those of a priority.")
  var priority: FollowUpPriorityOption?

  func run(_ context: CommandContext) async throws {
    let filter = FollowUpFilter(
      states: state.map(\.state), patientID: patient ?? "", noteID: note ?? "",
      assigneeStaffID: staff ?? "", assigneeRoleID: role ?? "", mine: mine, overdue: overdue,
      priority: priority?.priority ?? .unspecified)
    try await context.withClient { client in
      let columns = FollowUpColumns.list(try await ClinicSchedule(client, context).moments)
      try await context.printPages(
        page, "followUps", columns: columns, csv: CSVColumns(of: FollowUp.self)
      ) { token in
        let request = ListFollowUpsRequest(pageSize: page.size, pageToken: token, filter: filter)
        return try await client.followUps.list(request, options: context.callOptions).jsonValue()
      }
    }
  }
}
