internal import ArgumentParser

/// `clinicctl appointment …`
struct AppointmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "appointment", abstract: "Books appointments and keeps what becomes of them.",
    discussion: """
      Times are on the clinic's clock: '2026-12-01 14:30', 'fri 14:30', or '14:30' for today.
      """,
    subcommands: [
      AppointmentListCommand.self, AppointmentGetCommand.self, AppointmentBookCommand.self,
      AppointmentRescheduleCommand.self, AppointmentCancelCommand.self,
      AppointmentStepCommand<AcceptStep>.self, AppointmentStepCommand<ConfirmStep>.self,
      AppointmentStepCommand<ArriveStep>.self, AppointmentStepCommand<CheckInStep>.self,
      AppointmentStepCommand<StartStep>.self, AppointmentStepCommand<CompleteStep>.self,
      AppointmentStepCommand<NoShowStep>.self, AppointmentStepCommand<LeftStep>.self,
      AppointmentErrorCommand.self
    ])
}
