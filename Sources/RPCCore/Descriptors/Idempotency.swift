/// What a retry of a call does.
public enum Idempotency: Sendable, Hashable, CaseIterable {
  /// The call changes nothing: clients retry it freely.
  case noSideEffects
  /// The call changes something at most once per request id.
  case requestID
  /// A retry may take effect again: clients do not retry by themselves.
  case none
}
