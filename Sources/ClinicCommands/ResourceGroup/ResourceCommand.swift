internal import ArgumentParser

/// `clinicctl resource …`
struct ResourceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resource", abstract: "Keeps practitioners, rooms and equipment.",
    subcommands: [
      ResourceListCommand.self, ResourceGetCommand.self, ResourceCreateCommand.self,
      ResourceUpdateCommand.self, ResourceRetireCommand.self, ResourceReinstateCommand.self
    ])
}
