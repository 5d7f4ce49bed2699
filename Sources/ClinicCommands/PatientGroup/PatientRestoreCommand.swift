internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl patient restore ID`
struct PatientRestoreCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Takes an archived record back into use.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The patient's id.")
  var id: String

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let message = RestorePatientRequest(
      patientID: id, etag: version.etag ?? "", requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.patients.restore(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "patient", columns: PatientColumns.record)
      try request.noteCheck(context)
    }
  }
}
