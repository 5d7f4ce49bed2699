/// The trace that a call leaves.
public enum AuditKind: Sendable, Hashable, CaseIterable {
  /// None: nothing personal is read and nothing changes.
  case none
  /// An entry in the clinic's read log.
  case read
  /// An entry in the clinic's change log, in the transaction of the change.
  case write
  /// None: the reply tells callers of themselves only.
  case own
}
