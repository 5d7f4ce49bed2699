/// What the user is told of a failure, on standard error.
package struct ErrorReport: Sendable, Hashable {
  /// How the command ends.
  package var status: CommandStatus
  /// What is wrong: the first line, then one line for each detail.
  package var lines: [String]
  /// What to do about it.
  package var hint: String?

  package init(status: CommandStatus, lines: [String], hint: String? = nil) {
    self.status = status
    self.lines = lines
    self.hint = hint
  }

  /// The report of any error of a command.
  package init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure:
      self.init(
        status: failure.status, lines: [failure.message] + failure.details, hint: failure.hint)
    case let failure as CallFailure:
      self.init(failure)
    case is CancellationError:
      self.init(status: .interrupted, lines: ["interrupted"])
    default:
      self.init(status: .failure, lines: ["\(error)"])
    }
  }

  /// The text for standard error.
  package func text(isColored: Bool) -> String {
    var text = ""
    for (index, line) in lines.enumerated() {
      let line = line.split(separator: "\n", omittingEmptySubsequences: false)
        .map { DisplayWidth.printable(String($0)) }.joined(separator: "\n")
      if index == 0 {
        let isLabelled = line.hasPrefix("Error: ")
        text +=
          TextStyle.red.apply(to: "Error:", enabled: isColored) + " "
          + (isLabelled ? String(line.dropFirst("Error: ".count)) : line) + "\n"
      } else {
        text += "  " + line + "\n"
      }
    }
    if let hint {
      text +=
        TextStyle.cyan.apply(to: "Hint:", enabled: isColored) + " "
        + DisplayWidth.printable(hint) + "\n"
    }
    return text
  }
}
