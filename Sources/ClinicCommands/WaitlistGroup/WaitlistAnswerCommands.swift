internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl waitlist accept OFFER`
struct WaitlistAcceptCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Books an offered time.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The offer's id.")
  var offer: String

  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let reply = try await client.waitlist.acceptOffer(
        AcceptWaitlistOfferRequest(
          waitlistOfferID: offer, requestID: request.identifier(context),
          validateOnly: request.validateOnly), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "appointment", columns: try await AppointmentColumns(schedule).record)
      try request.noteCheck(context)
    }
  }
}

/// `clinicctl waitlist decline OFFER`
struct WaitlistDeclineCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "decline", abstract: "Gives an offered time to the next who waits.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The offer's id.")
  var offer: String

  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let reply = try await client.waitlist.declineOffer(
        DeclineWaitlistOfferRequest(
          waitlistOfferID: offer, requestID: request.identifier(context),
          validateOnly: request.validateOnly), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "entry", columns: try await WaitlistColumns(schedule).record)
      try request.noteCheck(context)
    }
  }
}
