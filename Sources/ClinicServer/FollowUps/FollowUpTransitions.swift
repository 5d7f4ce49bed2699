internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore

/// What can be done with a follow-up in which state, and where it leads. The contract's comment on
/// `FollowUpState` is the same table.
enum FollowUpTransitions {
  /// What moves a follow-up, by the name of the method.
  enum Verb: String, CaseIterable {
    case start = "StartFollowUp"
    case snooze = "SnoozeFollowUp"
    case complete = "CompleteFollowUp"
    case cancel = "CancelFollowUp"
    case reopen = "ReopenFollowUp"
    /// The end of a snooze.
    case wake = "(its time comes)"
  }

  static let table: [(from: FollowUpState, verb: Verb, to: FollowUpState)] = [
    (.open, .start, .inProgress),
    (.open, .snooze, .snoozed),
    (.open, .complete, .completed),
    (.open, .cancel, .cancelled),
    (.inProgress, .snooze, .snoozed),
    (.inProgress, .complete, .completed),
    (.inProgress, .cancel, .cancelled),
    (.snoozed, .start, .inProgress),
    (.snoozed, .snooze, .snoozed),
    (.snoozed, .complete, .completed),
    (.snoozed, .cancel, .cancelled),
    (.snoozed, .wake, .open),
    (.completed, .reopen, .open),
    (.cancelled, .reopen, .open)
  ]

  /// Where a verb leads. FAILED_PRECONDITION, with what is possible instead, where it leads nowhere.
  static func state(after verb: Verb, from state: FollowUpState) throws -> FollowUpState {
    if let row = table.first(where: { $0.from == state && $0.verb == verb }) { return row.to }
    throw refusal(of: verb.rawValue, in: state)
  }

  /// The refusal of a method in a state.
  static func refusal(of method: String, in state: FollowUpState) -> RPCError {
    let allowed = table.filter { $0.from == state && $0.verb != .wake }.map(\.verb.rawValue)
    let name = (state.protoName ?? "").dropFirst("FOLLOW_UP_STATE_".count).lowercased()
    var error = RPCError.failedPrecondition(
      "\(method) is not possible while the follow-up is \(name); possible are "
        + allowed.joined(separator: ", "),
      type: "STATE", subject: "follow_up.state")
    error.details.append(
      .errorInfo(
        reason: "WRONG_STATE",
        metadata: ["state": name, "allowed": allowed.joined(separator: ",")]))
    return error
  }
}

extension FollowUpState {
  /// Something is still to be done.
  var isActive: Bool { self == .open || self == .inProgress || self == .snoozed }
}
