internal import ArgumentParser

/// `clinicctl patient …`
struct PatientCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patient", abstract: "Finds, keeps, imports and exports patients.",
    subcommands: [
      PatientListCommand.self, PatientSearchCommand.self, PatientGetCommand.self,
      PatientCreateCommand.self, PatientUpdateCommand.self, PatientArchiveCommand.self,
      PatientRestoreCommand.self, PatientDeleteCommand.self, PatientImportCommand.self,
      PatientExportCommand.self
    ])
}
