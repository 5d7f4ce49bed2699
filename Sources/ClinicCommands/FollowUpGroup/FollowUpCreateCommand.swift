internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl follow-up create --title TEXT`
struct FollowUpCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Asks for something to be done.",
    discussion: """
      clinicctl follow-up create --title 'Ring about the blood test' --patient ID --due +2d \
      --priority high
      """)

  @OptionGroup var globals: GlobalOptions

  @Option(name: .long, help: ArgumentHelp("The patient it is for.", valueName: "id"))
  var patient: String?

  @Option(name: .long, help: ArgumentHelp("The note it comes from.", valueName: "id"))
  var note: String?

  @Option(name: .long, help: ArgumentHelp("The appointment it comes from.", valueName: "id"))
  var appointment: String?

  @OptionGroup(title: "Follow-up") var fields: FollowUpFieldOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    var followUp = try fields.followUp(context).followUp
    guard !followUp.title.isEmpty else {
      throw CommandFailure.usage("nothing says what is to be done", hint: "pass --title")
    }
    followUp.patientID = patient ?? ""
    followUp.noteID = note ?? ""
    followUp.appointmentID = appointment ?? ""
    let message = CreateFollowUpRequest(
      followUp: followUp, requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let reply = try await client.followUps.create(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "followUp", columns: FollowUpColumns.record)
      try request.noteCheck(context)
    }
  }
}
