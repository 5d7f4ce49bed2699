/// What a handler is given beside its request. Derived from the call once, after the interceptors
/// and before the handler, so that a handler that needs a tenant cannot run without one.
public protocol HandlerContext: Sendable {
  /// Derives the context; throws ``RPCStatusCode/unauthenticated`` where the call lacks what it
  /// needs.
  init(deriving call: CallContext) throws
}

extension CallContext: HandlerContext {
  @inlinable
  public init(deriving call: CallContext) { self = call }
}
