package import RPCCore

/// Sees to it that a method of AUDIT_KIND_READ leaves its entries in the read log, and that none of
/// them is answered while the log cannot take entries.
///
/// A handler that knows better than its reply which records were read notes them itself; for every
/// other one the log looks into the reply.
package struct AuditInterceptor: ServerInterceptor {
  private let readLog: ReadLog

  package init(readLog: ReadLog) { self.readLog = readLog }

  package func intercept(
    _ context: CallContext, next: @concurrent (CallContext) async throws -> Void
  ) async throws {
    guard context.method.policy.audit == .read else { return try await next(context) }
    try readLog.checkCapacity()
    var observed = context
    observed.replyObserver = readLog
    try await next(observed)
  }
}
