/// Dates of the contract (`clinic.v1.Date` as JSON) as people write them.
package enum DateText {
  /// `1984-03-31`, `1984-03` or `1984` for the JSON of a date; nil for anything else.
  package static func text(ofDate value: JSONValue) -> String? {
    guard case .object(let members) = value, !members.isEmpty,
      members.allSatisfy({ ["year", "month", "day"].contains($0.name) }),
      let year = number(value["year"]), year > 0
    else { return nil }
    let month = number(value["month"]) ?? 0
    let day = number(value["day"]) ?? 0
    var text = padded(year, 4)
    if month > 0 { text += "-" + padded(month, 2) }
    if month > 0, day > 0 { text += "-" + padded(day, 2) }
    return text
  }

  /// The JSON of a date; `month` and `day` are left out where they are 0.
  package static func json(year: Int, month: Int, day: Int) -> JSONValue {
    var members = [JSONValue.Member("year", .number(String(year)))]
    if month > 0 { members.append(.init("month", .number(String(month)))) }
    if day > 0 { members.append(.init("day", .number(String(day)))) }
    return .object(members)
  }

  /// A timestamp (RFC 3339, as proto3 JSON writes it) to the minute, for tables.
  package static func shortTimestamp(_ text: String) -> String {
    guard text.utf8.count >= 17, text.utf8.dropFirst(10).first == UInt8(ascii: "T") else {
      return text
    }
    return text.prefix(10) + " " + text.dropFirst(11).prefix(5) + "Z"
  }

  private static func number(_ value: JSONValue?) -> Int? {
    guard case .number(let text)? = value else { return nil }
    return Int(text)
  }

  private static func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
