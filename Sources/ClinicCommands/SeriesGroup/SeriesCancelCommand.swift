internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl series cancel ID`
struct SeriesCancelCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Cancels one appointment of a series, one and all after it, or all.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The series' id.")
  var id: String

  @OptionGroup(title: "Which") var which: SeriesScopeOptions

  @Option(name: .customLong("by"), help: "Who wants it: patient or clinic.")
  var who: CancelledByOption

  @Option(name: .long, help: "Why, as 'clinicctl appointment cancel --help' lists.")
  var reason: AppointmentCancelCommand.Reason

  @Option(name: .long, help: "Why, in words.")
  var note: String = ""

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm(
        "Cancel \(which.words) of the series \(id)?", isAssumed: confirmation.yes)
    }
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let message = CancelAppointmentSeriesRequest(
        appointmentSeriesID: id, scope: which.scope, recurrenceTime: try which.time(schedule),
        cancelledBy: who.value, reason: reason.value, note: note, etag: version.etag ?? "",
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await client.series.cancel(message, options: context.callOptions)
      try context.printer.printSeries(
        reply.jsonValue(), columns: try await SeriesColumns(schedule))
      try request.noteCheck(context)
    }
  }
}
