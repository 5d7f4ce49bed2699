internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension Resource {
  /// A resource from the columns of `ResourceStatements.columns`.
  init(row: PostgresRow) throws {
    self.init(
      resourceID: try row.decode(0, as: UUID.self).text,
      kind: ResourceKind(rawValue: Int32(try row.decode(1, as: Int16.self))),
      name: try row.decode(2),
      staffID: try row.decode(3, as: UUID?.self)?.text ?? "",
      capacity: Int32(try row.decode(4, as: Int16.self)), color: try row.decode(5),
      weeklyHours: try Self.weeklyHours(packed: row.decode(6)),
      state: ResourceState(rawValue: Int32(try row.decode(7, as: Int16.self))),
      createTime: Timestamp(try row.decode(8, as: PostgresTimestamp.self)),
      updateTime: Timestamp(try row.decode(9, as: PostgresTimestamp.self)),
      etag: Etag.text(version: try row.decode(10)))
  }

  /// Moves the version and the time of the last change as the database will.
  mutating func touch(at now: PostgresTimestamp) {
    etag = Etag.next(after: etag)
    updateTime = Timestamp(now)
  }

  /// The weekly hours as the database keeps them: five numbers for each interval.
  var packedWeeklyHours: [Int32] {
    weeklyHours.flatMap { hours in
      [
        hours.dayOfWeek.rawValue, Int32(hours.starts?.minuteOfDay ?? 0),
        Int32(hours.ends?.minuteOfDay ?? 0),
        hours.validFrom?.packed ?? 0, hours.validUntil?.packed ?? 0
      ]
    }
  }

  private static func weeklyHours(packed: [Int32]) -> [WeeklyHours] {
    stride(from: 0, to: packed.count - packed.count % 5, by: 5).map { index in
      WeeklyHours(
        dayOfWeek: DayOfWeek(rawValue: packed[index]),
        starts: LocalTime(minuteOfDay: packed[index + 1]),
        ends: LocalTime(minuteOfDay: packed[index + 2]),
        validFrom: packed[index + 3] == 0 ? nil : Date(packed: packed[index + 3]),
        validUntil: packed[index + 4] == 0 ? nil : Date(packed: packed[index + 4]))
    }
  }
}

extension LocalTime {
  /// A time of day from minutes since midnight, 0 to 1440.
  init(minuteOfDay minute: Int32) {
    self.init(hours: minute / 60, minutes: minute % 60)
  }
}

extension WeeklyHours {
  /// The interval as the rules take it; nil where a date is not a whole date of the calendar.
  func interval() -> WeeklyInterval? {
    let from = validFrom?.wholeDay
    let until = validUntil?.wholeDay
    guard (validFrom == nil) == (from == nil), (validUntil == nil) == (until == nil) else {
      return nil
    }
    return WeeklyInterval(
      OpeningInterval(
        day: Int(dayOfWeek.rawValue), opens: starts?.minuteOfDay ?? -1,
        closes: ends?.minuteOfDay ?? -1),
      validFrom: from, validUntil: until)
  }
}

extension Date {
  /// The day in days since 1970; nil unless this is a whole date of the calendar.
  var wholeDay: Int? {
    guard let date = PartialDate(year: Int(year), month: Int(month), day: Int(day)),
      date.isComplete
    else { return nil }
    return date.earliestDay
  }

  /// The date of a day in days since 1970.
  init(day: Int) {
    let date = PartialDate(daysSince1970: day)
    self.init(
      year: Int32(date?.year ?? 0), month: Int32(date?.month ?? 0), day: Int32(date?.day ?? 0))
  }
}
