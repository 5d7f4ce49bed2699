/// Work around every call: logging, error mapping, authentication, limits.
public protocol ServerInterceptor: Sendable {
  /// Does the work at once, where nothing has to be waited for and nothing is left to do after the
  /// call. Returns false where ``intercept(_:next:)`` has to do it. Throwing ends the call with that
  /// error.
  func admit(_ context: inout CallContext) throws -> Bool

  /// Does the work where ``admit(_:)`` returned false, calling `next` at most once to go on
  /// with the call, perhaps with a changed context. Throwing ends the call with that error.
  func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws
}

extension ServerInterceptor {
  /// Leaves every call to ``intercept(_:next:)``.
  public func admit(_ context: inout CallContext) throws -> Bool { false }
}

/// What is looked at before every call, and costs no step of its own: deadlines, permissions.
public protocol ServerCheck: ServerInterceptor {
  /// Throws where the call may not go on, and changes its context where that is due.
  func check(_ context: inout CallContext) throws
}

extension ServerCheck {
  /// Checks the call, and lets it go on.
  public func admit(_ context: inout CallContext) throws -> Bool {
    try check(&context)
    return true
  }

  /// Checks the call, and goes on with it.
  public func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    var context = context
    try check(&context)
    try await next(context)
  }
}
