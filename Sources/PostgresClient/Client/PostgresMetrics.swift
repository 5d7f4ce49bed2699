/// A look at a client's state; all counters run from its start.
public struct PostgresMetrics: Hashable, Sendable {
  /// Shared connections that are ready.
  public var sharedReady = 0
  /// Calls of the shared lane waiting for a connection.
  public var sharedQueued = 0
  /// Batches of the shared lane on their way to the server and back.
  public var sharedInFlight = 0
  /// Batches sent on the shared lane. Fewer than calls: read-only ones of a tenant share.
  public var sharedBatches = 0
  /// Leased connections in use.
  public var leasedInUse = 0
  /// Leased connections waiting for a caller.
  public var leasedIdle = 0
  /// Callers waiting for a leased connection.
  public var leaseWaiters = 0
  /// Calls that got their results.
  public var succeeded = 0
  /// Calls that failed, whatever the reason.
  public var failed = 0
  /// Calls that ran again after a stale plan, a stray cancel signal or a lost connection.
  public var rerun = 0
  /// Cancel requests sent to the server.
  public var cancelRequests = 0
  /// Connections made.
  public var connects = 0
  /// Attempts to connect that failed.
  public var connectFailures = 0
  /// Connections that died.
  public var connectionsLost = 0
}
