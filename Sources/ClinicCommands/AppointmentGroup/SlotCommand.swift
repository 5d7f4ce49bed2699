internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import ProtobufRuntime

/// `clinicctl slot …`
struct SlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slot", abstract: "Finds free times.", subcommands: [SlotFindCommand.self])
}

/// `clinicctl slot find`
struct SlotFindCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "find", abstract: "Finds free times for a kind of appointment.",
    discussion: "clinicctl slot find --type Consultation --from tomorrow --with 'Dr Okafor'")

  @OptionGroup var globals: GlobalOptions

  @Option(name: .long, help: "The kind of appointment, by name or id.")
  var type: String

  @Option(name: .long, help: ArgumentHelp("The first day. Default: today.", valueName: "day"))
  var from: String?

  @Option(
    name: .long, help: ArgumentHelp("The last day. Default: six days later.", valueName: "day"))
  var until: String?

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "Only with this practitioner, room or equipment. Repeat it for any of several.",
      valueName: "resource"))
  var resources: [String] = []

  @Option(name: .long, help: "When this patient is free too: an id, or a search.")
  var patient: String?

  @Option(name: .customLong("minutes"), help: "The length. Default: that of the kind.")
  var length: Int32 = 0

  @Option(name: .long, help: ArgumentHelp("How many at most, 1 to 1000.", valueName: "count"))
  var limit: Int32 = 20

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let moments = schedule.moments
      let first = try moments.day(from ?? "today")
      let last = try until.map { try moments.day($0) } ?? (first + 6)
      func midnight(_ day: Int) -> Timestamp {
        Timestamp(seconds: moments.zone.instant(day: day, minute: 0), nanos: 0)
      }
      let patientID = if let patient { try await schedule.patientID(patient) } else { "" }
      let request = FindSlotsRequest(
        appointmentTypeID: try await schedule.appointmentTypeID(type), fromTime: midnight(first),
        untilTime: midnight(last + 1), resourceIds: try await schedule.resourceIDs(resources),
        patientID: patientID, lengthMinutes: length, pageSize: limit)
      let reply = try await client.appointments.findSlots(request, options: context.callOptions)
      if reply.slots.isEmpty { try context.note("Nothing is free.") }
      try context.printer.printList(
        reply.jsonValue(), "slots", columns: try await AppointmentColumns(schedule).slots,
        csv: CSVColumns(of: Slot.self))
    }
  }
}
