internal import ArgumentParser

/// The options for what a note says.
struct NoteTextOptions: ParsableArguments {
  @Option(name: .long, help: "A heading.")
  var title: String?

  @Option(name: .long, help: "The text.")
  var text: String?

  @Option(
    name: .customLong("text-from"),
    help: ArgumentHelp(
      "Take the text from a file; '-' reads standard input.", valueName: "file"),
    completion: .file())
  var file: String?

  init() {}

  func validate() throws {
    if (text == nil) == (file == nil) {
      throw ValidationError("pass the text with --text, or where it is with --text-from")
    }
  }

  /// The text.
  func contents(_ context: CommandContext) throws -> String {
    try text ?? file.map { try context.readText($0) } ?? ""
  }
}
