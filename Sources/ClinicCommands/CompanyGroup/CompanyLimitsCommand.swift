internal import ArgumentParser

/// `clinicctl company limits …`
struct CompanyLimitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits", abstract: "Shows and sets what a clinic and its callers may use.",
    subcommands: [CompanyLimitsGetCommand.self, CompanyLimitsSetCommand.self])
}
