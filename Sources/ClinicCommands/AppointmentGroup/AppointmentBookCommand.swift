internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl appointment book`
struct AppointmentBookCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "book", abstract: "Books, holds or requests a time.",
    discussion: """
      clinicctl appointment book --patient 'Jane Roe' --type Consultation --at 'fri 14:30' \
      --with 'Dr Okafor'
      """)

  @OptionGroup var globals: GlobalOptions

  @Option(name: .long, help: "The patient's id, or a search that finds only them.")
  var patient: String

  @Option(name: .long, help: "The kind of appointment, by name or id.")
  var type: String

  @Option(name: .customLong("at"), help: ArgumentHelp("When it begins.", valueName: "when"))
  var start: String

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "A practitioner, room or equipment, by name or id. Repeat it. Default: what is free.",
      valueName: "resource"))
  var resources: [String] = []

  @Option(name: .customLong("minutes"), help: "The length. Default: that of the kind.")
  var length: Int32 = 0

  @Option(name: .long, help: "Why the patient comes.")
  var reason: String = ""

  @Flag(name: .long, help: "Only hold the time, for a while.")
  var hold = false

  @Option(name: .long, help: ArgumentHelp("How long to hold it.", valueName: "minutes"))
  var holdMinutes: Int32 = 0

  @Flag(name: .customLong("request"), help: "Only ask for the time: it stays free for others.")
  var isRequest = false

  @Option(
    name: .customLong("overbook"),
    help: ArgumentHelp("Book in spite of conflicts, and say why.", valueName: "reason"))
  var overbookReason: String?

  @OptionGroup var request: RequestOptions

  func validate() throws {
    let kinds = [hold, isRequest, overbookReason != nil].filter { $0 }.count
    guard kinds <= 1 else {
      throw ValidationError("--hold, --request and --overbook exclude each other")
    }
    guard hold || holdMinutes == 0 else { throw ValidationError("--hold-minutes needs --hold") }
  }

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let new = NewAppointment(
        patientID: try await schedule.patientID(patient),
        appointmentTypeID: try await schedule.appointmentTypeID(type),
        startTime: try schedule.time(start),
        resourceIds: try await schedule.resourceIDs(resources), lengthMinutes: length,
        reason: reason)
      let reply = try await schedule.booking { try await put(new, client, context) }
      try context.printer.printRecord(
        reply, "appointment", columns: try await AppointmentColumns(schedule).record)
      try request.noteCheck(context)
    }
  }

  private func put(
    _ new: NewAppointment, _ client: ClinicClient, _ context: CommandContext
  ) async throws -> JSONValue {
    let (id, options) = (request.identifier(context), context.callOptions)
    if hold {
      return try await client.appointments.hold(
        HoldAppointmentRequest(
          appointment: new, holdMinutes: holdMinutes, requestID: id,
          validateOnly: request.validateOnly), options: options
      ).jsonValue()
    }
    if isRequest {
      return try await client.appointments.request(
        RequestAppointmentRequest(
          appointment: new, requestID: id, validateOnly: request.validateOnly), options: options
      ).jsonValue()
    }
    if let overbookReason {
      return try await client.appointments.overbook(
        OverbookAppointmentRequest(
          appointment: new, overbookReason: overbookReason, requestID: id,
          validateOnly: request.validateOnly), options: options
      ).jsonValue()
    }
    return try await client.appointments.book(
      BookAppointmentRequest(appointment: new, requestID: id, validateOnly: request.validateOnly),
      options: options
    ).jsonValue()
  }
}
