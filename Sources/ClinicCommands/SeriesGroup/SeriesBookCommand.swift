internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl series book`
struct SeriesBookCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "book", abstract: "Books appointments that happen again and again.",
    discussion: """
      clinicctl series book --patient 'Jane Roe' --type Consultation --at 'mon 09:00' \
      --repeat weekly --times 10
      """)

  @OptionGroup var globals: GlobalOptions

  @Option(name: .long, help: "The patient's id, or a search that finds only them.")
  var patient: String

  @Option(name: .long, help: "The kind of appointment, by name or id.")
  var type: String

  @Option(name: .customLong("at"), help: ArgumentHelp("When the first begins.", valueName: "when"))
  var start: String

  @OptionGroup(title: "Rule") var rule: RepeatOptions

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "A practitioner, room or equipment. Repeat it. Default: what is free.",
      valueName: "resource"))
  var resources: [String] = []

  @Option(name: .customLong("minutes"), help: "The length. Default: that of the kind.")
  var length: Int32 = 0

  @Option(name: .long, help: "Why the patient comes.")
  var reason: String = ""

  @Flag(name: .long, help: "Leave out the times that do not fit.")
  var skipConflicts = false

  @OptionGroup var request: RequestOptions

  func validate() throws {
    guard rule.unit != nil || rule.rule != nil else {
      throw ValidationError("say how often with --repeat or --rule")
    }
  }

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let series = AppointmentSeries(
        patientID: try await schedule.patientID(patient),
        appointmentTypeID: try await schedule.appointmentTypeID(type),
        pattern: RecurrencePattern(
          start: try LocalDateTime(start, schedule),
          rule: try rule.text(schedule.moments) ?? ""),
        resourceIds: try await schedule.resourceIDs(resources), lengthMinutes: length,
        reason: reason)
      let message = CreateAppointmentSeriesRequest(
        series: series, skipConflicts: skipConflicts, requestID: request.identifier(context),
        validateOnly: request.validateOnly)
      let reply = try await schedule.bookingSeries {
        try await client.series.create(message, options: context.callOptions)
      }
      try context.printer.printSeries(
        reply.jsonValue(), columns: try await SeriesColumns(schedule))
      try request.noteCheck(context)
    }
  }
}
