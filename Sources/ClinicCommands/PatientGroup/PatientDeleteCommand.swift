internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl patient delete ID`
struct PatientDeleteCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Deletes a patient's record for good.",
    discussion: "Archiving is what clinics usually want.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The patient's id.")
  var id: String

  @Option(name: .long, help: "Why; kept in the change log.")
  var reason: String

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm("Delete the patient \(id) for good?", isAssumed: confirmation.yes)
    }
    let message = DeletePatientRequest(
      patientID: id, reason: reason, etag: version.etag ?? "",
      requestID: request.identifier(context), validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.patients.delete(message, options: context.callOptions)
      if context.printer.format == .table {
        try context.note(request.validateOnly ? "Could be deleted." : "Deleted.")
      } else {
        try context.printer.print(reply.jsonValue())
      }
    }
  }
}
