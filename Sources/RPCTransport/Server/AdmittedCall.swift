internal import Logging
internal import RPCCore

/// What opens a call, judged: the same on every transport.
struct AdmittedCall {
  let route: Route
  let origin: CallContext.Origin
  /// The caller's name for the call; empty for none.
  let requestID: String
  /// The shorter of what the caller and what the method allow.
  let timeoutNanoseconds: UInt64

  /// Throws what the call ends with where it cannot start.
  init(
    _ opening: CallOpening, router: Router, peer: PeerInfo, logger: Logger
  ) throws(RPCError) {
    guard opening.requestID.isEmpty || opening.requestID.isUUID else {
      throw .invalidArgument(
        field: "request_id", reason: "FORMAT_UUID", description: "A UUID of 36 characters")
    }
    guard let route = router.route(for: opening.method) else {
      var error = RPCError.unimplemented("The server has no method of this name")
      error.requestID = opening.requestID.isEmpty ? nil : opening.requestID
      throw error
    }
    self.route = route
    origin = CallContext.Origin(
      method: route.method, peer: peer, metadata: opening.metadata,
      authorization: opening.authorization, logger: logger)
    requestID = opening.requestID
    let greatest = Deadline(uptimeNanoseconds: 0)
      .advanced(by: route.method.policy.maxDeadline).uptimeNanoseconds
    let (asked, overflow) = opening.timeoutMicroseconds.multipliedReportingOverflow(by: 1_000)
    timeoutNanoseconds = asked == 0 || overflow ? greatest : min(asked, greatest)
  }

  /// The context of the call under this name.
  func context(_ identifier: RequestIdentifier) -> CallContext {
    let (end, overflow) = Deadline.now.uptimeNanoseconds
      .addingReportingOverflow(timeoutNanoseconds)
    let context = CallContext(
      origin: origin, requestIdentifier: identifier,
      deadline: overflow ? .distantFuture : Deadline(uptimeNanoseconds: end))
    if route.method.isDeprecated { context.reply.announceDeprecation() }
    return context
  }
}
