internal import ArgumentParser

/// `clinicctl service-account …`
struct ServiceAccountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "service-account", abstract: "Keeps the accounts that programs call with.",
    discussion: "Their keys are kept with clinicctl api-key.",
    subcommands: [
      ServiceAccountListCommand.self, ServiceAccountGetCommand.self,
      ServiceAccountCreateCommand.self, ServiceAccountUpdateCommand.self,
      ServiceAccountDeactivateCommand.self, ServiceAccountReactivateCommand.self
    ])
}
