internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl staff get ID`
struct StaffGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows an account.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The account's id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.staff.get(
        GetStaffRequest(staffID: id), options: context.callOptions)
      try context.printer.printRecord(reply.jsonValue(), "staff", columns: StaffColumns.record)
    }
  }
}
