/// Who may call a method, what trace the call leaves, and how it may be retried: the method's
/// options in its contract.
public struct MethodPolicy: Sendable, Hashable {
  /// The permissions that the caller needs, all of them, as `patients.read`. `self`, alone, stands
  /// for any authenticated caller acting on their own account.
  public let permissions: [String]

  /// The kind of principal that may call the method.
  public let audience: Audience

  /// The trace that a call leaves.
  public let audit: AuditKind

  /// What a retry of the call does.
  public let idempotency: Idempotency

  /// Whether any authenticated caller may call the method, about their own account.
  public var isForOneself: Bool { permissions == ["self"] }

  /// The longest time the server works on the call, whatever the caller asks for.
  public let maxDeadline: Duration

  /// What a call weighs where calls are limited by weight and where tenants take turns: about how
  /// many point reads the server could do instead. 1 to 1,000.
  public let cost: Int

  /// What each message of a stream weighs in addition. 0 to 1,000.
  public let messageCost: Int

  /// Makes a policy.
  public init(
    permissions: [String], audience: Audience, audit: AuditKind, idempotency: Idempotency,
    maxDeadline: Duration, cost: Int = 1, messageCost: Int = 0
  ) {
    self.permissions = permissions
    self.audience = audience
    self.audit = audit
    self.idempotency = idempotency
    self.maxDeadline = maxDeadline
    self.cost = cost
    self.messageCost = messageCost
  }

  /// The policy of a method whose contract states none: open to everybody, not audited, not
  /// retried, at most an hour.
  public static let unrestricted = MethodPolicy(
    permissions: [], audience: .everybody, audit: .none, idempotency: .none,
    maxDeadline: .seconds(3600))
}
