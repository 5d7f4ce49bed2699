internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl availability delete ID`
struct AvailabilityDeleteCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Deletes leave, a closure or extra hours.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The exception's id.")
  var id: String

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm("Delete the leave, closure or hours \(id)?", isAssumed: confirmation.yes)
    }
    let message = DeleteAvailabilityExceptionRequest(
      availabilityExceptionID: id, requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      _ = try await client.availability.deleteException(message, options: context.callOptions)
      if !request.validateOnly { try context.note("Deleted \(id).") }
      try request.noteCheck(context)
    }
  }
}
