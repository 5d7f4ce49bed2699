internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension AvailabilityException {
  /// An exception from the columns of `AvailabilityStatements.columns`.
  init(row: PostgresRow) throws {
    self.init(
      availabilityExceptionID: try row.decode(0, as: UUID.self).text,
      kind: AvailabilityExceptionKind(rawValue: Int32(try row.decode(1, as: Int16.self))),
      resourceID: try row.decode(2, as: UUID?.self)?.text ?? "",
      starts: LocalDateTime(LocalMoment(try row.decode(3, as: PostgresLocalTimestamp.self))),
      ends: LocalDateTime(LocalMoment(try row.decode(4, as: PostgresLocalTimestamp.self))),
      reason: try row.decode(5),
      createTime: Timestamp(try row.decode(6, as: PostgresTimestamp.self)))
  }

  /// The id; throws for an exception that has none.
  var uuid: UUID {
    get throws { try UUID(contract: availabilityExceptionID, field: "availability_exception_id") }
  }

  /// The exception as the rules take it; nil where a time is none of the calendar's.
  var deviation: AvailabilityDeviation? {
    guard let starts = starts?.moment, let ends = ends?.moment else { return nil }
    return AvailabilityDeviation(kind == .extraHours ? .extra : .away, from: starts, to: ends)
  }
}

extension LocalDateTime {
  /// The contract's form of a local time, to the minute.
  init(_ moment: LocalMoment) {
    self.init(
      date: Date(day: moment.day), time: LocalTime(minuteOfDay: Int32(moment.minute)))
  }

  /// The local time; nil where there is no such date or time of day.
  var moment: LocalMoment? {
    guard let day = date?.wholeDay, case let minute = time?.minuteOfDay ?? 0, minute >= 0 else {
      return nil
    }
    return LocalMoment(day: day, minute: minute)
  }
}

extension LocalMoment {
  /// Midnight of 1 January 2000, PostgreSQL's beginning of time, in seconds since 1970.
  private static let epoch: Int64 = 946_684_800

  /// A reading of the database's.
  init(_ time: PostgresLocalTimestamp) {
    self.init(
      naive: Int64(time.date.days) * 86_400 + Self.epoch + time.time.microseconds / 1_000_000)
  }

  /// The reading as the database keeps it.
  var postgres: PostgresLocalTimestamp {
    PostgresLocalTimestamp(microseconds: (naive - Self.epoch) * 1_000_000)
  }
}

extension PostgresTimestamp {
  /// A moment in seconds since 1970.
  init(instant: Int64) { self.init(unixSeconds: instant) }
}

extension Timestamp {
  /// A moment in seconds since 1970.
  init(instant: Int64) { self.init(seconds: instant, nanos: 0) }
}

extension TimeSpan {
  /// A span of the rules'.
  init(_ span: Span) {
    self.init(startTime: Timestamp(instant: span.start), endTime: Timestamp(instant: span.end))
  }
}
