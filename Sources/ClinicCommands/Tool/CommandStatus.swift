/// How `clinicctl` ends. Scripts rely on these numbers: a number never changes its meaning.
package enum CommandStatus: Int32, Sendable, CaseIterable {
  /// The command did what it was asked.
  case success = 0
  /// The command failed for a reason that has no number of its own.
  case failure = 1
  /// The command line is wrong.
  case usage = 2
  /// The command did its work, and refused a part of the input.
  case partial = 3
  /// Nobody is logged in, or the session is over.
  case unauthenticated = 4
  /// The account may not do this.
  case permissionDenied = 5
  /// There is no such thing.
  case notFound = 6
  /// The thing exists, has changed, or is not in the state for this.
  case conflict = 7
  /// The server refused the values.
  case invalid = 8
  /// The server cannot be reached or is busy.
  case unavailable = 9
  /// The time is up.
  case timeout = 10
  /// The server failed.
  case serverFailure = 11
  /// The user declined, or nobody could be asked.
  case declined = 12
  /// The user interrupted the command.
  case interrupted = 130

  /// What the status says, in a line.
  package var summary: String {
    switch self {
    case .success: "The command did what it was asked."
    case .failure: "The command failed for a reason that has no number of its own."
    case .usage: "The command line is wrong."
    case .partial: "The command did its work, and a part of the input was refused."
    case .unauthenticated: "Nobody is logged in, or the session is over. (UNAUTHENTICATED)"
    case .permissionDenied: "The account may not do this. (PERMISSION_DENIED)"
    case .notFound: "There is no such thing. (NOT_FOUND)"
    case .conflict:
      "It exists, has changed, or is not in the state for this.\n"
        + "(ALREADY_EXISTS, ABORTED, FAILED_PRECONDITION)"
    case .invalid: "The server refused the values. (INVALID_ARGUMENT, OUT_OF_RANGE)"
    case .unavailable: "The server is out of reach or busy. (UNAVAILABLE, RESOURCE_EXHAUSTED)"
    case .timeout: "The time is up. (DEADLINE_EXCEEDED)"
    case .serverFailure: "The server failed. (INTERNAL, UNKNOWN, UNIMPLEMENTED, DATA_LOSS)"
    case .declined: "The question was answered with no, or there was nobody to ask."
    case .interrupted: "The command was interrupted. (CANCELLED)"
    }
  }

  /// The text of `clinicctl help exit-codes`.
  package static var documentation: String {
    var text = "EXIT CODES\n"
    for status in allCases {
      let number = String(status.rawValue)
      let lines = status.summary.split(separator: "\n")
      text +=
        "  " + number + String(repeating: " ", count: 5 - number.count)
        + lines.joined(separator: "\n       ") + "\n"
    }
    return text
  }
}
