internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl patient archive ID`
struct PatientArchiveCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive", abstract: "Puts a patient's record away.",
    discussion: "It becomes read-only and leaves the lists; restore takes it back.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The patient's id.")
  var id: String

  @Option(name: .long, help: "Why.")
  var reason: String?

  @Flag(name: .long, help: "Although appointments lie ahead, which stay booked.")
  var keepAppointments = false

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let message = ArchivePatientRequest(
      patientID: id, reason: reason ?? "", etag: version.etag ?? "",
      requestID: request.identifier(context), validateOnly: request.validateOnly,
      keepAppointments: keepAppointments)
    try await context.withClient { client in
      let reply = try await client.patients.archive(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "patient", columns: PatientColumns.record)
      try request.noteCheck(context)
    }
  }
}
