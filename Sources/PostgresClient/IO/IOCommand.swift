/// What other threads tell the I/O thread.
enum IOCommand: Sendable {
  /// A batch for the shared lane.
  case submit(PostgresCall)
  /// A call on a leased connection.
  case submitLeased(PostgresCall, connection: Int)
  /// A call's task was cancelled.
  case cancel(PostgresCall)
  /// A caller wants a leased connection.
  case acquire(LeaseRequest)
  /// A waiting caller's task was cancelled.
  case cancelAcquire(LeaseRequest)
  /// A caller gives a leased connection back; unclean ones are rolled back first.
  case release(connection: Int)
  /// The connector is done with a request.
  case connectFinished(request: Int, Result<Connector.Handover, PostgresClientError>)
  /// A cancel request was delivered, or could not be.
  case cancelDelivered(connection: Int)
  /// A reader wants notifications, or has had enough.
  case subscribe(NotificationSubscriber)
  case unsubscribe(NotificationSubscriber)
  /// Finish what is under way, then end.
  case shutDown
}
