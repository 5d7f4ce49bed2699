internal import ArgumentParser

/// `clinicctl company …`
struct CompanyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "company", abstract: "Keeps clinics, and the settings of one's own.",
    discussion: "All but settings is for platform administrators.",
    subcommands: [
      CompanyListCommand.self, CompanyGetCommand.self, CompanyCreateCommand.self,
      CompanySuspendCommand.self, CompanyResumeCommand.self, CompanySettingsCommand.self,
      CompanyLimitsCommand.self
    ])
}
