public import FoundationEssentials
public import Logging

/// The context of a call by an authenticated principal in a clinic.
public struct TenantContext: HandlerContext {
  /// The call.
  public let call: CallContext

  /// Who makes the call.
  public let principal: Principal

  /// Derives the context; throws ``RPCStatusCode/unauthenticated`` for a call without principal.
  public init(deriving call: CallContext) throws {
    guard let principal = call.principal else {
      throw RPCError.unauthenticated("This method needs an access token", reason: "TOKEN_MISSING")
    }
    self.init(call: call, principal: principal)
  }

  /// Makes the context of a call by this principal.
  public init(call: CallContext, principal: Principal) {
    self.call = call
    self.principal = principal
  }

  /// The clinic.
  public var companyID: UUID { principal.companyID }

  /// The method.
  public var method: MethodDescriptor { call.method }

  /// The name of the call in logs and errors.
  public var requestID: String { call.requestID }

  /// The moment by which the call ends.
  public var deadline: Deadline { call.deadline }

  /// The other side of the connection.
  public var peer: PeerInfo { call.peer }

  /// The server's log, with the method and the request id. Made at each reading: keep it.
  public var logger: Logger { call.logger }
}
