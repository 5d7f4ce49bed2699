internal import ArgumentParser

/// `clinicctl staff …`
struct StaffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "staff", abstract: "Keeps the clinic's staff accounts.",
    subcommands: [
      StaffListCommand.self, StaffGetCommand.self, StaffCreateCommand.self,
      StaffUpdateCommand.self, StaffDeactivateCommand.self, StaffReactivateCommand.self,
      StaffResetPasswordCommand.self
    ])
}
