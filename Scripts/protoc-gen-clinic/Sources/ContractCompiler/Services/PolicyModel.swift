/// A method's policy in the words of RPCCore.
struct PolicyModel {
  let permissions: [String]
  let audience: Clinic_Options_V1_Audience
  private let audit: Clinic_Options_V1_AuditKind
  private let idempotency: Clinic_Options_V1_Idempotency
  private let maxDeadlineMilliseconds: UInt32
  /// What a call weighs, 1 where the contract says nothing.
  let cost: UInt32
  /// What each message of a stream weighs in addition.
  let messageCost: UInt32

  init(_ policy: Clinic_Options_V1_MethodPolicy) {
    permissions = policy.permission
    audience = policy.audience
    audit = policy.audit
    idempotency = policy.idempotency
    maxDeadlineMilliseconds = policy.maxDeadlineMs
    cost = max(1, policy.cost)
    messageCost = policy.messageCost
  }

  /// The case of `Audience`. What is not stated is closed to all but the platform; the linter
  /// refuses it in clinic contracts.
  var audienceName: String {
    switch audience {
    case .public: "everybody"
    case .staff: "staff"
    case .patient: "patient"
    case .service: "service"
    case .clinic: "clinic"
    case .platform, .unspecified, .UNRECOGNIZED: "platform"
    }
  }

  var auditName: String {
    switch audit {
    case .none: "none"
    case .read: "read"
    case .own: "own"
    case .write, .unspecified, .UNRECOGNIZED: "write"
    }
  }

  var idempotencyName: String {
    switch idempotency {
    case .noSideEffects: "noSideEffects"
    case .requestID: "requestID"
    case .none, .unspecified, .UNRECOGNIZED: "none"
    }
  }

  /// The deadline ceiling; an hour where the contract states none.
  var maxDeadline: String {
    let milliseconds = maxDeadlineMilliseconds == 0 ? 3_600_000 : maxDeadlineMilliseconds
    return milliseconds % 1000 == 0
      ? ".seconds(\(milliseconds / 1000))" : ".milliseconds(\(milliseconds))"
  }
}
