/// A `date` in the proleptic Gregorian calendar.
public struct PostgresDate: Hashable, Sendable {
  /// Days since 2000-01-01. `Int32.max` and `Int32.min` are the infinities.
  public var days: Int32

  /// A day from the server's own form.
  @inlinable
  public init(days: Int32) { self.days = days }

  /// A calendar day; nil if there is no such day. Years 1 to 9999.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.length(ofMonth: month, year: year)
    else { return nil }
    days = Int32(Self.daysFromCivil(year: year, month: month, day: day) - 10_957)
  }

  /// Days since 1970-01-01.
  public var unixDays: Int { Int(days) + 10_957 }

  /// Year, month (1 to 12) and day of the month (1 to 31).
  public var components: (year: Int, month: Int, day: Int) {
    // Days are counted from 0000-03-01, so that the leap day ends a year.
    let shifted = unixDays + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
  }

  private static func daysFromCivil(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension PostgresDate: Comparable {
  @inlinable
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.days < rhs.days }
}

extension PostgresDate: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
  @inlinable
  public static var postgresType: PostgresType { .date }
  public static var postgresArrayType: PostgresType { .dateArray }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) { writer.writeInteger(days) }

  @inlinable
  public static func decode(
    from bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresDecodingError.Reason) -> PostgresDate {
    guard type == .date else { throw .typeMismatch }
    return PostgresDate(days: try bytes.bigEndianInteger(as: Int32.self))
  }
}
