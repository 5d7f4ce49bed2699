internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl follow-up create --title TEXT`
struct FollowUpCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Asks for something to be done.",
    discussion: """
      clinicctl follow-up create --title 'Ring about the blood test' --patient ID --due tomorrow \
      --priority high

      Times are on the clinic's clock; something due on a day is due by the end of it.
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
    guard fields.title?.isEmpty == false else {
      throw CommandFailure.usage("nothing says what is to be done", hint: "pass --title")
    }
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      var followUp = try fields.followUp(schedule).followUp
      followUp.patientID = patient ?? ""
      followUp.noteID = note ?? ""
      followUp.appointmentID = appointment ?? ""
      let message = CreateFollowUpRequest(
        followUp: followUp, requestID: request.identifier(context),
        validateOnly: request.validateOnly)
      let reply = try await client.followUps.create(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "followUp", columns: FollowUpColumns.record(schedule.moments))
      try request.noteCheck(context)
    }
  }
}
