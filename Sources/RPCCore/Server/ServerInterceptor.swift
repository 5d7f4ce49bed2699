/// Work around every call: logging, error mapping, authentication, authorization.
public protocol ServerInterceptor: Sendable {
  /// Does the work, calling `next` at most once to go on with the call, perhaps with a changed
  /// context. Throwing ends the call with that error.
  func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws
}
