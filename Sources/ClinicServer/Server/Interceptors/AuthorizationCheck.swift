package import RPCCore

/// Checks the method's audience and permissions, as the contract has them, against the principal.
package struct AuthorizationCheck: ServerCheck {
  package init() {}

  package func check(_ context: inout CallContext) throws { try Self.check(context) }

  /// Throws where the call's principal may not make it.
  static func check(_ context: CallContext) throws {
    let policy = context.method.policy
    if policy.audience == .everybody { return }
    guard let principal = context.principal else {
      throw RPCError.unauthenticated("This method needs an access token", reason: "TOKEN_MISSING")
    }
    switch (policy.audience, principal.kind) {
    case (.clinic, _), (.staff, .staff), (.service, .service): break
    case (.platform, .staff) where principal.isPlatform: break
    default:
      throw RPCError.permissionDenied(
        "The method is not for this kind of caller", reason: "WRONG_AUDIENCE",
        metadata: ["audience": "\(policy.audience)"])
    }
    guard !policy.permissions.isEmpty else {
      throw RPCError.permissionDenied("The method is open to nobody", reason: "NO_PERMISSION_NAMED")
    }
    if policy.isForOneself { return }
    if principal.mustChangePassword {
      throw RPCError.permissionDenied(
        "The password must be changed first", reason: "PASSWORD_CHANGE_REQUIRED")
    }
    for permission in policy.permissions where !principal.permissions.contains(permission) {
      throw RPCError.permissionDenied(
        "The method needs the permission \(permission)", reason: "PERMISSION_MISSING",
        metadata: ["permission": permission])
    }
  }
}
