/// Why a recurrence is refused: which part, and what is wrong with it.
package struct RecurrenceError: Error, Sendable, Hashable {
  /// What is wrong with a part.
  package enum Reason: String, Sendable, Hashable {
    /// The part is needed and is not there.
    case missing = "RECURRENCE_PART_MISSING"
    /// The part stands there twice.
    case duplicate = "RECURRENCE_PART_DUPLICATE"
    /// RFC 5545 knows the part, or the value, and a clinic has no use for it.
    case unsupported = "RECURRENCE_PART_UNSUPPORTED"
    /// RFC 5545 does not know the part, or not such a value.
    case malformed = "RECURRENCE_PART_MALFORMED"
    /// The value is outside of its range.
    case outOfRange = "RECURRENCE_PART_OUT_OF_RANGE"
    /// The part cannot stand beside another one.
    case contradictory = "RECURRENCE_PART_CONTRADICTORY"
  }

  /// The part's name, as `BYDAY`.
  package let part: String

  /// What is wrong with it.
  package let reason: Reason

  /// What is allowed, in a sentence.
  package let explanation: String

  init(_ part: String, _ reason: Reason, _ explanation: String) {
    self.part = part
    self.reason = reason
    self.explanation = explanation
  }
}

extension RecurrenceError: CustomStringConvertible {
  package var description: String { "\(part) \(explanation)" }
}
