internal import ArgumentParser

/// `clinicctl`: the tool of those who run and use a clinic from a terminal.
struct Clinicctl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clinicctl",
    abstract: "Works with a clinic's server from a terminal.",
    usage: "clinicctl [--profile <name>] <command> …",
    discussion: """
      Begin with: clinicctl login --server HOST:PORT --company NAME --email ADDRESS

      Further help: clinicctl help exit-codes, clinicctl help environment, \
      clinicctl help mapping.
      """,
    version: toolVersion,
    subcommands: [],
    groupedSubcommands: [
      CommandGroup(
        name: "Clinic",
        subcommands: [
          DashboardCommand.self, PatientCommand.self, NoteCommand.self, FollowUpCommand.self,
          StaffCommand.self, RoleCommand.self, ServiceAccountCommand.self, ApiKeyCommand.self,
          CompanyCommand.self, SessionCommand.self, ChangesCommand.self, WebhookCommand.self,
          UsageCommand.self
        ]),
      CommandGroup(
        name: "Appointments",
        subcommands: [
          CalendarCommand.self, SlotCommand.self, AppointmentCommand.self, SeriesCommand.self,
          WaitlistCommand.self, ResourceCommand.self,
          AppointmentTypeCommand.self, AvailabilityCommand.self
        ]),
      CommandGroup(
        name: "Account",
        subcommands: [
          LoginCommand.self, LogoutCommand.self, WhoAmICommand.self, ChangePasswordCommand.self,
          ProfileCommand.self
        ]),
      CommandGroup(name: "Contract", subcommands: [CallCommand.self, DescribeCommand.self]),
      CommandGroup(name: "Tool", subcommands: [CompletionsCommand.self, VersionCommand.self])
    ])

  /// The version of the tool.
  static let toolVersion = "1.0.0"

  @OptionGroup package var globals: GlobalOptions

  init() {}
}
