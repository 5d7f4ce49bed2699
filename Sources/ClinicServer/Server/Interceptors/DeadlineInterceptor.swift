package import RPCCore

/// Refuses a call whose time is over before it does any work. The transport cuts a call that is
/// under way, and the database's statements end with it.
package struct DeadlineInterceptor: ServerInterceptor {
  package init() {}

  package func intercept(
    _ context: CallContext, next: @concurrent (CallContext) async throws -> Void
  ) async throws {
    if context.deadline.hasPassed { throw RPCError.deadlineExceeded() }
    try await next(context)
  }
}
