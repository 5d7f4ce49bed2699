public import RPCCore

/// Where a client connects, and how.
public struct RPCClientConfiguration: Sendable {
  /// A server, or a balancer in front of several.
  public struct Endpoint: Sendable, Hashable {
    /// A host name or address.
    public let host: String
    /// A port.
    public let port: Int

    /// Makes an endpoint.
    public init(host: String, port: Int) {
      self.host = host
      self.port = port
    }
  }

  /// The servers. At least one; when one cannot be reached, the next is tried.
  public var endpoints: [Endpoint]
  /// How connections are protected.
  public var security: ClientSecurity
  /// What the server can make the client spend.
  public var limits: ClientLimits
  /// The most connections. 1 to 1,024; 4. Further ones are opened only as the first get busy.
  public var connections: Int
  /// Calls in progress on a connection from which on another one is opened. At least 1; 32.
  public var busyCalls: Int
  /// The waits between attempts to connect.
  public var reconnect: Backoff
  /// Which failed calls are tried again.
  public var retry: RetryPolicy

  /// Makes a configuration.
  public init(
    endpoints: [Endpoint], security: ClientSecurity, limits: ClientLimits = ClientLimits(),
    connections: Int = 4, busyCalls: Int = 32, reconnect: Backoff = Backoff(),
    retry: RetryPolicy = RetryPolicy()
  ) {
    precondition(!endpoints.isEmpty, "a client needs an endpoint")
    precondition((1...1_024).contains(connections), "connections are 1 to 1,024")
    precondition(busyCalls >= 1, "a busy connection has calls")
    self.endpoints = endpoints
    self.security = security
    self.limits = limits
    self.connections = connections
    self.busyCalls = busyCalls
    self.reconnect = reconnect
    self.retry = retry
  }
}
