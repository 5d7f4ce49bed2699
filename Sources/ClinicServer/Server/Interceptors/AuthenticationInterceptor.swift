package import RPCCore
internal import Synchronization

/// Finds out who calls, for every method that is not public.
package struct AuthenticationInterceptor: ServerInterceptor {
  private let directory: SessionDirectory

  package init(directory: SessionDirectory) { self.directory = directory }

  /// The usual case: a call on a connection that has shown the same token before.
  package func admit(_ context: inout CallContext) throws -> Bool {
    if context.method.policy.audience == .everybody { return true }
    guard context.method.kind == .unary,
      let principal = directory.knownPrincipal(for: context.authorization, peer: context.peer)
    else { return false }
    context.principal = principal
    return true
  }

  package func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    let token = context.authorization
    guard !token.isEmpty else {
      throw RPCError.unauthenticated("This method needs an access token", reason: "TOKEN_MISSING")
    }
    var context = context
    let principal = try await directory.principal(
      for: token, peer: context.peer, deadline: context.deadline)
    context.principal = principal
    if context.method.kind == .unary { return try await next(context) }
    // A stream outlives the checks at its start: it ends with its session, and with what permits it.
    try await endingWithSession(of: principal, token: token, context: context, next: next)
  }

  /// Runs the rest of a call beside a watcher of its session, which cancels it when that ends.
  private func endingWithSession(
    of principal: Principal, token: String, context: CallContext,
    next: (CallContext) async throws -> Void
  ) async throws {
    let ending = Ending()
    guard let call = RunningCall.current else { return try await next(context) }
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          do {
            try await watch(principal, token: token, context: context)
          } catch is CancellationError {
            // The call ended first.
          } catch {
            ending.error.withLock { $0 = error }
            call.cancel()
          }
        }
        try await next(context)
        group.cancelAll()
      }
    } catch {
      throw ending.error.withLock { $0 } ?? error
    }
  }

  /// Throws when the session has ended, or no longer permits the call.
  private func watch(_ principal: Principal, token: String, context: CallContext) async throws {
    var context = context
    var principal = principal
    while true {
      try await Task.sleep(for: .milliseconds(400))
      if directory.isCurrent(principal, token: token) { continue }
      // Changed, or out of hearing: the database knows.
      principal = try await directory.principal(
        for: token, peer: context.peer, deadline: .after(.seconds(5)))
      context.principal = principal
      try AuthorizationCheck.check(context)
    }
  }
}

/// The task of a call, for the watcher of its session.
private struct RunningCall: @unchecked Sendable {
  // Safe: cancel() may be called from any task while this one lives, and the watcher is its child.
  private let task: UnsafeCurrentTask

  static var current: RunningCall? {
    withUnsafeCurrentTask { $0.map(RunningCall.init(task:)) }
  }

  func cancel() { task.cancel() }
}

/// Why the watcher of a session cancelled its call.
private final class Ending: Sendable {
  let error = Mutex<(any Error)?>(nil)
}
