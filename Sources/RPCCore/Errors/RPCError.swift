/// The failure of a call, as its caller sees it.
///
/// ``message`` and ``details`` cross the wire: they never hold SQL, a stack or personal data.
/// ``cause`` stays in this process, for its log.
public struct RPCError: Error, Sendable {
  /// What kind of failure it is. Never ``RPCStatusCode/ok``.
  public var code: RPCStatusCode

  /// A sentence for developers, in English.
  public var message: String

  /// Typed facts about the failure.
  public var details: [ErrorDetail]

  /// What led to the failure, in this process only.
  public var cause: (any Error)?

  /// The id of the call in the server's logs, on an error that a server sent.
  public var requestID: String?

  /// Makes an error.
  public init(
    code: RPCStatusCode, message: String, details: [ErrorDetail] = [],
    cause: (any Error)? = nil, requestID: String? = nil
  ) {
    self.code = code
    self.message = message
    self.details = details
    self.cause = cause
    self.requestID = requestID
  }
}

extension RPCError: CustomStringConvertible {
  public var description: String { "\(code): \(message)" }
}
