internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl patient get ID`
struct PatientGetCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Shows a patient.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The patient's id.")
  var id: String

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let reply = try await client.patients.get(
        GetPatientRequest(patientID: id), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "patient", columns: PatientColumns.record)
    }
  }
}
