package import RPCCore

/// Refuses a call whose time is over before it does any work. The transport cuts a call that is
/// under way, and the database's statements end with it.
package struct DeadlineCheck: ServerCheck {
  package init() {}

  package func check(_ context: inout CallContext) throws {
    if context.deadline.hasPassed { throw RPCError.deadlineExceeded() }
  }
}
