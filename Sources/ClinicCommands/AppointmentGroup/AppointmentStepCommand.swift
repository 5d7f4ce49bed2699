internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import RPCCore

/// A verb that needs nothing but the appointment.
protocol AppointmentStep: Sendable {
  static var name: String { get }
  static var abstract: String { get }

  /// Makes the call, and returns the changed appointment's reply.
  static func call(
    _ service: AppointmentService.Client, _ target: AppointmentStepTarget, _ options: CallOptions
  ) async throws -> JSONValue
}

/// What a verb is done with.
struct AppointmentStepTarget: Sendable {
  let id: String
  let etag: String
  let requestID: String
  let validateOnly: Bool
}

/// `clinicctl appointment VERB ID`
struct AppointmentStepCommand<Step: AppointmentStep>: ToolCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: Step.name, abstract: Step.abstract)
  }

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The appointment's id.")
  var id: String

  @OptionGroup var version: VersionOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    let target = AppointmentStepTarget(
      id: id, etag: version.etag ?? "", requestID: request.identifier(context),
      validateOnly: request.validateOnly)
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let reply = try await schedule.booking {
        try await Step.call(client.appointments, target, context.callOptions)
      }
      try context.printer.printRecord(
        reply, "appointment", columns: try await AppointmentColumns(schedule).record)
      try request.noteCheck(context)
    }
  }
}
