package import RPCCore

/// Sees to it that a method of AUDIT_KIND_READ leaves its entries in the read log, and that none of
/// them is answered while the log cannot take entries.
///
/// A handler that knows better than its reply which records were read notes them itself; for every
/// other one the log looks into the reply.
package struct AuditCheck: ServerCheck {
  private let readLog: ReadLog

  package init(readLog: ReadLog) { self.readLog = readLog }

  package func check(_ context: inout CallContext) throws {
    guard context.method.policy.audit == .read else { return }
    try readLog.checkCapacity()
    context.replyObserver = readLog
  }
}
