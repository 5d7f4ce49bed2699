internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl series update ID`
struct SeriesUpdateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Changes one appointment of a series, one and all after it, or all.",
    discussion: """
      clinicctl series update ID --from 'mon 09:00' --to 'tue 14:00' moves the one on Monday and \
      all after it.
      """)

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The series' id.")
  var id: String

  @OptionGroup(title: "Which") var which: SeriesScopeOptions

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp("When the first of them begins instead.", valueName: "when"))
  var start: String?

  @OptionGroup(title: "Rule") var rule: RepeatOptions

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "A practitioner, room or equipment. Repeat it; all others go.", valueName: "resource"))
  var resources: [String] = []

  @Option(name: .customLong("minutes"), help: "The length.")
  var length: Int32?

  @Option(name: .long, help: "Why the patient comes.")
  var reason: String?

  @Flag(name: .long, help: "Leave out the times that do not fit.")
  var skipConflicts = false

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      var (series, paths) = (AppointmentSeries(pattern: RecurrencePattern()), [String]())
      if let start {
        series.pattern?.start = try LocalDateTime(start, schedule)
        paths.append("pattern.start")
      }
      if let text = try rule.text(schedule.moments) {
        series.pattern?.rule = text
        paths.append("pattern.rule")
      }
      if !resources.isEmpty {
        series.resourceIds = try await schedule.resourceIDs(resources)
        paths.append("resource_ids")
      }
      if let length {
        series.lengthMinutes = length
        paths.append("length_minutes")
      }
      if let reason {
        series.reason = reason
        paths.append("reason")
      }
      guard !paths.isEmpty else { throw CommandFailure.usage("nothing says what to change") }
      series.etag = version.etag ?? ""
      let message = UpdateAppointmentSeriesRequest(
        appointmentSeriesID: id, scope: which.scope, recurrenceTime: try which.time(schedule),
        series: series,
        updateMask: FieldMask(paths: paths), skipConflicts: skipConflicts,
        requestID: request.identifier(context), validateOnly: request.validateOnly)
      let reply = try await schedule.bookingSeries {
        try await client.series.update(message, options: context.callOptions)
      }
      try context.printer.printSeries(
        reply.jsonValue(), columns: try await SeriesColumns(schedule))
      try request.noteCheck(context)
    }
  }
}
