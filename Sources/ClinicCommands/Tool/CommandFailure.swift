/// A failure of the command itself, as the user is told of it.
package struct CommandFailure: Error, Hashable {
  /// How the command ends.
  package var status: CommandStatus
  /// What is wrong, in a line.
  package var message: String
  /// Further lines.
  package var details: [String]
  /// What to do about it.
  package var hint: String?

  package init(
    _ message: String, status: CommandStatus = .failure, details: [String] = [], hint: String? = nil
  ) {
    self.status = status
    self.message = message
    self.details = details
    self.hint = hint
  }

  /// A wrong command line.
  package static func usage(_ message: String, hint: String? = nil) -> CommandFailure {
    CommandFailure(message, status: .usage, hint: hint)
  }
}
