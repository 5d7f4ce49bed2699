/// How notes are shown: on the clinic's clock.
enum NoteColumns {
  /// The columns of a list.
  static func list(_ moments: MomentText) -> [TableColumn] {
    [
      TableColumn("Id", "noteId", isFlexible: false), moments.column("Written", "createTime"),
      TableColumn("Kind", "kind"), TableColumn("By", "author.displayName"),
      TableColumn("Note") { text($0) }, TableColumn("Version") { version($0) }
    ]
  }

  /// The columns of a history.
  static func history(_ moments: MomentText) -> [TableColumn] {
    [
      TableColumn("Version", "version", alignment: .trailing, isFlexible: false),
      moments.column("Written", "updateTime"), TableColumn("By", "author.displayName"),
      TableColumn("State", "state"), TableColumn("Why", "reason"), TableColumn("Note") { text($0) }
    ]
  }

  /// The lines of a record.
  static func record(_ moments: MomentText) -> [TableColumn] {
    [
      TableColumn("Id", "noteId"), TableColumn("Patient", "patientId"),
      TableColumn("Appointment", "appointmentId"), TableColumn("Kind", "kind"),
      TableColumn("Title", "title"), TableColumn("Text", "text"), TableColumn("State", "state"),
      TableColumn("Version", "version"), TableColumn("By", "author.displayName"),
      TableColumn("Why", "reason"), moments.column("Written", "createTime"),
      TableColumn("Amended") {
        $0["version"] == .number("1") ? "" : moments.text(ofTimestamp: $0["updateTime"])
      },
      TableColumn("Etag", "etag")
    ]
  }

  private static func text(_ note: JSONValue) -> String {
    [note["title"]?.text, note["text"]?.text].compactMap(\.self).filter { !$0.isEmpty }
      .joined(separator: ": ")
  }

  private static func version(_ note: JSONValue) -> String {
    let version = of(note["version"])
    return note["state"]?.text == "NOTE_STATE_ENTERED_IN_ERROR" ? version + ", in error" : version
  }

  private static func of(_ value: JSONValue?) -> String { value.map(DisplayText.of) ?? "" }
}
