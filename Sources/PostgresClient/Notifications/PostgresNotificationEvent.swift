/// What a reader of notifications sees.
public enum PostgresNotificationEvent: Hashable, Sendable {
  /// Notifications may be missing before this point: read the state they are about anew.
  case gap(Gap)
  /// A `NOTIFY` arrived.
  case notification(PostgresNotification)

  /// Why notifications may be missing.
  public enum Gap: Hashable, Sendable {
    /// Listening has begun; comes first.
    case started
    /// The connection died and was made again.
    case reconnected
    /// The reader was too slow and the buffer was dropped.
    case overflow
  }
}

/// One `NOTIFY`.
public struct PostgresNotification: Hashable, Sendable {
  public var channel: String
  /// The payload, empty if there is none; at most 7,999 bytes.
  public var payload: String
  /// The process of the notifying session.
  public var processID: Int32

  /// A notification, for tests of readers.
  public init(channel: String, payload: String, processID: Int32) {
    self.channel = channel
    self.payload = payload
    self.processID = processID
  }
}
