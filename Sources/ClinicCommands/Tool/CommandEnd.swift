internal import ArgumentParser

/// Ends a command that has said all there is to say.
package struct CommandEnd: Error {
  /// How it ends.
  package var status: CommandStatus

  init(_ status: CommandStatus) {
    self.status = status
  }
}

extension CommandStatus {
  /// The status for an exit code of the argument parser: 64 (EX_USAGE) is ``usage``.
  init(parserCode: ExitCode) {
    switch parserCode {
    case .success: self = .success
    case .validationFailure: self = .usage
    default: self = CommandStatus(rawValue: parserCode.rawValue) ?? .failure
    }
  }
}

extension ParsableCommand {
  /// Whether the error is one of the argument parser's: about the words, or a request for help.
  static func isOwn(_ error: any Error) -> Bool {
    // The parser gives an error of its own the code of success or of usage, any other that of
    // failure.
    exitCode(for: error) != .failure
  }
}
