/// Who may call a method, what trace the call leaves, and how it may be retried: the method's
/// options in its contract.
public struct MethodPolicy: Sendable, Hashable {
  /// The permission the caller needs, as `patients.read`. `self` stands for any authenticated
  /// caller acting on their own account; nil for none.
  public let permission: String?

  /// The kind of principal that may call the method.
  public let audience: Audience

  /// The trace that a call leaves.
  public let audit: AuditKind

  /// What a retry of the call does.
  public let idempotency: Idempotency

  /// The longest time the server works on the call, whatever the caller asks for.
  public let maxDeadline: Duration

  /// Makes a policy.
  public init(
    permission: String?, audience: Audience, audit: AuditKind, idempotency: Idempotency,
    maxDeadline: Duration
  ) {
    self.permission = permission
    self.audience = audience
    self.audit = audit
    self.idempotency = idempotency
    self.maxDeadline = maxDeadline
  }

  /// The policy of a method whose contract states none: open to everybody, not audited, not
  /// retried, at most an hour.
  public static let unrestricted = MethodPolicy(
    permission: nil, audience: .everybody, audit: .none, idempotency: .none,
    maxDeadline: .seconds(3600))
}
