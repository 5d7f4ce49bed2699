/// An implementation of a service of a contract. Generated handler protocols refine it.
public protocol RPCService: Sendable {
  /// Makes the service's methods known to a router.
  func register(with router: inout Router)
}
