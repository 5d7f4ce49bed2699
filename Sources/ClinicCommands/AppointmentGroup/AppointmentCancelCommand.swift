internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl appointment cancel ID`
struct AppointmentCancelCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancels an appointment, and frees its time.")

  enum Reason: String, ExpressibleByArgument, CaseIterable {
    case other, illness, transport, cost, deceased, weather
    case feelingBetter = "feeling-better"
    case otherEngagement = "other-engagement"
    case goesElsewhere = "goes-elsewhere"
    case practitionerAway = "practitioner-away"
    case outOfOrder = "out-of-order"
    case clinicClosed = "clinic-closed"

    var value: CancellationReason {
      switch self {
      case .other: .other
      case .illness: .illness
      case .transport: .transport
      case .cost: .cost
      case .deceased: .deceased
      case .weather: .weather
      case .feelingBetter: .feelingBetter
      case .otherEngagement: .otherEngagement
      case .goesElsewhere: .goesElsewhere
      case .practitionerAway: .practitionerAway
      case .outOfOrder: .outOfOrder
      case .clinicClosed: .clinicClosed
      }
    }
  }

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The appointment's id.")
  var id: String

  @Option(name: .customLong("by"), help: "Who wants it: patient or clinic.")
  var who: CancelledByOption

  @Option(name: .long, help: "Why, coded.")
  var reason: Reason

  @Option(name: .long, help: "Why, in words.")
  var note: String = ""

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm("Cancel the appointment \(id)?", isAssumed: confirmation.yes)
    }
    let message = CancelAppointmentRequest(
      appointmentID: id, cancelledBy: who.value, reason: reason.value, note: note,
      etag: version.etag ?? "", requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let reply = try await client.appointments.cancel(message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "appointment", columns: try await AppointmentColumns(schedule).record)
      try request.noteCheck(context)
    }
  }
}
