internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl resource list`
struct ResourceListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists practitioners, rooms and equipment.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(name: .long, help: ArgumentHelp("Only of this kind.", valueName: "kind"))
  var kind: ResourceKindOption?

  @Flag(name: .long, help: "Retired ones too.")
  var includeRetired = false

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      try await context.printPages(
        page, "resources", columns: ResourceColumns.list, csv: CSVColumns(of: Resource.self)
      ) { token in
        let request = ListResourcesRequest(
          pageSize: page.size, pageToken: token, kind: kind?.kind ?? .unspecified,
          includeRetired: includeRetired)
        return try await client.resources.list(request, options: context.callOptions).jsonValue()
      }
    }
  }
}

/// The kinds of resources on the command line.
enum ResourceKindOption: String, ExpressibleByArgument, CaseIterable {
  case practitioner, room, equipment

  var kind: ResourceKind {
    switch self {
    case .practitioner: .practitioner
    case .room: .room
    case .equipment: .equipment
    }
  }
}
