internal import ClinicClient
internal import ProtobufRuntime
internal import RPCCore

/// A call's failure, with what the user needs to hear of it.
struct CallFailure: Error {
  /// What the server, or the way to it, said.
  var error: RPCError
  /// The profile of the call.
  var profile: String
  /// The servers of the profile.
  var servers: [String]
  /// What to do about it, where the command knows better than the code does.
  var hint: String?
}

extension ErrorReport {
  /// The report of a failed call: what, one line for each wrong field, the request id, a hint.
  init(_ failure: CallFailure) {
    let error = failure.error
    let code = [error.code.name, error.reason].compactMap { $0 }.joined(separator: ", ")
    var lines = ["\(Self.what(error, failure: failure)) (\(code))"]
    for violation in error.fieldViolations {
      let field = violation.field.isEmpty ? "" : violation.field + ": "
      let reason = violation.reason.isEmpty ? "" : " (\(violation.reason))"
      lines.append(field + violation.description_p + reason)
    }
    for case .preconditionFailure(let failure) in error.details {
      for violation in failure.violations where violation.description_p != error.message {
        let subject = violation.subject.isEmpty ? "" : violation.subject + ": "
        lines.append(subject + violation.description_p)
      }
    }
    // What keeps a client from its server stands in the message already.
    if let cause = error.cause, error.code != .unavailable { lines.append("cause: \(cause)") }
    if let requestID = error.requestID, !requestID.isEmpty {
      lines.append("request id: \(requestID)")
    }
    self.init(
      status: CommandStatus(error.code), lines: lines,
      hint: failure.hint ?? Self.hint(error, failure: failure))
  }

  /// What is wrong, in a line.
  private static func what(_ error: RPCError, failure: CallFailure) -> String {
    if let problem = error.connectProblem {
      return "cannot reach \(failure.servers.joined(separator: ", ")): \(problem)"
    }
    // The message repeats the field, which gets a line of its own.
    if error.code == .invalidArgument, let field = error.fieldViolations.first?.field,
      !field.isEmpty, let end = error.message.firstRange(of: field)?.lowerBound
    {
      return String(error.message[..<end]).trimmingSuffix { $0 == ":" || $0 == " " }
    }
    return error.message.isEmpty ? "the call failed" : error.message
  }

  private static func hint(_ error: RPCError, failure: CallFailure) -> String? {
    switch error.code {
    case _ where error.reason == "PASSWORD_CHANGE_REQUIRED":
      return "run clinicctl change-password --profile \(failure.profile)"
    case .unauthenticated where error.reason?.hasPrefix("KEY_") == true:
      return "clinicctl api-key create ACCOUNT --name NAME makes another key"
    case .unauthenticated where error.reason == "CERTIFICATE_MISMATCH":
      return "clinicctl profile set \(failure.profile) --client-certificate FILE --client-key FILE"
    case .unauthenticated:
      return "run clinicctl login --profile \(failure.profile)"
    case .aborted:
      return "somebody was faster: get it again and repeat the change with its etag"
    case .permissionDenied:
      return "clinicctl whoami shows what the account may do"
    case .resourceExhausted:
      return error.retryDelay.map { "try again in \($0.components.seconds + 1) seconds" }
    case .unavailable:
      return error.connectProblem == nil
        ? "try again in a moment"
        : "is the server running, and does the profile '\(failure.profile)' name its address "
          + "and certificate authority?"
    case .deadlineExceeded:
      return "pass --timeout SECONDS to wait longer"
    default:
      return nil
    }
  }
}

extension String {
  /// The text without the characters at its end that `isDropped` takes.
  fileprivate func trimmingSuffix(_ isDropped: (Character) -> Bool) -> String {
    var text = self[...]
    while let last = text.last, isDropped(last) { text.removeLast() }
    return String(text)
  }
}

extension CommandStatus {
  /// The status for the code of a call.
  init(_ code: RPCStatusCode) {
    self =
      switch code {
      case .ok: .success
      case .cancelled: .interrupted
      case .invalidArgument, .outOfRange: .invalid
      case .deadlineExceeded: .timeout
      case .notFound: .notFound
      case .alreadyExists, .aborted, .failedPrecondition: .conflict
      case .permissionDenied: .permissionDenied
      case .unauthenticated: .unauthenticated
      case .unavailable, .resourceExhausted: .unavailable
      default: .serverFailure
      }
  }
}
