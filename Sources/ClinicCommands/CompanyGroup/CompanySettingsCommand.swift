internal import ArgumentParser

/// `clinicctl company settings …`
struct CompanySettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings", abstract: "Shows and changes the settings of one's own clinic.",
    subcommands: [CompanySettingsGetCommand.self, CompanySettingsSetCommand.self],
    defaultSubcommand: CompanySettingsGetCommand.self)
}
