internal import ArgumentParser

/// `clinicctl changes …`
struct ChangesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "changes", abstract: "Shows who changed what in the clinic, and when.",
    subcommands: [
      ChangesListCommand.self, ChangesWatchCommand.self, ChangesVerifyCommand.self
    ])
}

/// How entries of the change log are shown: on the clinic's clock.
enum ChangeColumns {
  /// The columns of a list.
  static func list(_ moments: MomentText) -> [TableColumn] {
    [
      TableColumn("No", "sequence", alignment: .trailing, isFlexible: false),
      moments.column("When", "changeTime"),
      TableColumn("Who") {
        // Who sees no names sees ids.
        $0["actor"]?["displayName"]?.text ?? $0["actor"]?["accountId"]?.text ?? "the server"
      },
      TableColumn("What") { entry in
        ["recordType", "action"].compactMap { entry[$0]?.text }.joined(separator: " ")
      },
      TableColumn("Id", "recordId", isFlexible: false), TableColumn("Fields", "fields"),
      TableColumn("Why", "reason")
    ]
  }
}
