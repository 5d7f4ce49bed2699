internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl waitlist add`
struct WaitlistAddCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Puts a patient on the list.",
    discussion: """
      clinicctl waitlist add --patient 'Jane Roe' --type Consultation --at 'mon-fri 09:00-12:00' \
      --until +30
      """)

  @OptionGroup var globals: GlobalOptions

  @Option(name: .long, help: "The patient's id, or a search that finds only them.")
  var patient: String

  @Option(name: .long, help: "The kind of appointment, by name or id.")
  var type: String

  @OptionGroup(title: "What suits") var fields: WaitlistFieldOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      var entry = WaitlistEntry(
        patientID: try await schedule.patientID(patient),
        appointmentTypeID: try await schedule.appointmentTypeID(type))
      _ = try await fields.apply(to: &entry, schedule)
      let reply = try await client.waitlist.createEntry(
        CreateWaitlistEntryRequest(
          entry: entry, requestID: request.identifier(context),
          validateOnly: request.validateOnly), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "entry", columns: try await WaitlistColumns(schedule).record)
      try request.noteCheck(context)
    }
  }
}
