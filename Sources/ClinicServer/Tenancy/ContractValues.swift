internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.Date
internal import struct Foundation.UUID

extension UUID {
  /// An id as the contract has it. The contract's own rules have checked the form already, so this
  /// names the field only for requests that pass around them.
  init(contract text: String, field: String) throws {
    guard let id = UUID(text: text) else {
      throw RPCError.invalidArgument(
        field: field, reason: "FORMAT_UUID", description: "must be a UUID")
    }
    self = id
  }
}

extension PostgresTimestamp {
  /// This moment.
  static var now: PostgresTimestamp { PostgresTimestamp(Date()) }

  /// A moment of Foundation's.
  init(_ date: Date) {
    let seconds = date.timeIntervalSince1970
    let whole = seconds.rounded(.down)
    self.init(
      unixSeconds: Int64(whole), nanoseconds: Int32((seconds - whole) * 1_000_000) * 1_000)
  }

  /// A moment of the contract's.
  init(_ timestamp: Timestamp) {
    self.init(unixSeconds: timestamp.seconds, nanoseconds: timestamp.nanos)
  }

  /// The moment as Foundation has it.
  var date: Date {
    Date(timeIntervalSince1970: Double(unixSeconds) + Double(nanoseconds) / 1_000_000_000)
  }

  /// The moment that lies a duration later.
  func advanced(by duration: Swift.Duration) -> PostgresTimestamp {
    let (seconds, attoseconds) = duration.components
    return PostgresTimestamp(
      microseconds: microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
  }

  /// The time from another moment to this one.
  func duration(since other: PostgresTimestamp) -> Swift.Duration {
    .microseconds(microseconds - other.microseconds)
  }
}

extension Timestamp {
  /// A moment of the database's.
  init(_ time: PostgresTimestamp) {
    self.init(seconds: time.unixSeconds, nanos: time.nanoseconds)
  }

  /// A moment of Foundation's.
  init(_ date: Date) { self.init(PostgresTimestamp(date)) }
}

extension Deadline {
  /// The deadline on the clock of the database client; nil for one that never comes.
  var postgres: ContinuousClock.Instant? {
    self == .distantFuture ? nil : .now + remaining
  }
}
