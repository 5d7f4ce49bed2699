internal import ArgumentParser

/// `clinicctl note …`
struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Keeps notes on patients and appointments.",
    subcommands: [
      NoteListCommand.self, NoteGetCommand.self, NoteHistoryCommand.self,
      NoteCreateCommand.self, NoteAmendCommand.self, NoteEnteredInErrorCommand.self
    ])
}
