internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl availability add KIND`
struct AvailabilityAddCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Adds leave, a closure or extra hours.",
    discussion: """
      clinicctl availability add leave --of 'Dr Okafor' --from 2026-12-24 --until 2026-12-31
      clinicctl availability add extra-hours --of 'Dr Okafor' --from 'sat 09:00' --until 'sat 13:00'

      A day alone is the whole day, the last one included.
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case leave, closure
    case extraHours = "extra-hours"

    var kind: AvailabilityExceptionKind {
      switch self {
      case .leave: .leave
      case .closure: .closure
      case .extraHours: .extraHours
      }
    }
  }

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "leave, closure or extra-hours.")
  var kind: Kind

  @Option(
    name: .customLong("of"),
    help: ArgumentHelp("Whose, by name or id; not for a closure.", valueName: "resource"))
  var resource: String?

  @Option(name: .long, help: ArgumentHelp("The first day or minute.", valueName: "when"))
  var from: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The last day, or the minute after the last. Default: the same day.", valueName: "when"))
  var until: String?

  @Option(name: .long, help: "Why.")
  var reason: String?

  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let exception = AvailabilityException(
        kind: kind.kind,
        resourceID: try await schedule.resourceIDs(resource.map { [$0] } ?? []).first ?? "",
        starts: try schedule.local(from, isEnd: false),
        ends: try schedule.local(until ?? from, isEnd: true), reason: reason ?? "")
      let message = CreateAvailabilityExceptionRequest(
        exception: exception, requestID: request.identifier(context),
        validateOnly: request.validateOnly)
      let reply = try await client.availability.createException(
        message, options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "exception",
        columns: AvailabilityColumns.list(try await schedule.resourceNames()))
      if !reply.affectedAppointmentIds.isEmpty {
        try context.note(
          "\(reply.affectedAppointmentIds.count) appointments fall into it:\n  "
            + (try await schedule.lines(ofIDs: reply.affectedAppointmentIds))
            .joined(separator: "\n  "))
      }
      try request.noteCheck(context)
    }
  }
}

extension ClinicSchedule {
  /// A day, or a day and a time, as the contract has it; a day alone ends at its midnight.
  fileprivate func local(_ text: String, isEnd: Bool) throws -> LocalDateTime {
    if let day = try? moments.day(text) {
      return LocalDateTime(date: Date(day: isEnd ? day + 1 : day))
    }
    let local = moments.zone.local(try moments.instant(text))
    return LocalDateTime(
      date: Date(day: local.day),
      time: LocalTime(hours: Int32(local.minute / 60), minutes: Int32(local.minute % 60)))
  }
}
