internal import ProtobufRuntime
internal import struct Foundation.Date
internal import struct Foundation.TimeZone

/// What a clinic's clock shows, in its own time zone.
struct WallClock {
  private let zone: TimeZone

  /// The clock of an IANA zone; of Greenwich where the zone is unknown here.
  init(timeZone: String) { zone = TimeZone(identifier: timeZone) ?? .gmt }

  /// The time of day, as `14:05:09`.
  func time(_ instant: Int64) -> String {
    let second = local(instant) % 86_400
    return [second / 3_600, second / 60 % 60, second % 60].map { value in
      value < 10 ? "0\(value)" : "\(value)"
    }.joined(separator: ":")
  }

  /// The date, as `Monday 2026-11-23`.
  func date(_ instant: Int64) -> String {
    let names = [
      "Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"
    ]
    let days = local(instant) / 86_400
    // A time of the proleptic calendar in UTC begins with its date.
    let text = Timestamp(seconds: days * 86_400).rfc3339?.prefix(10) ?? ""
    return "\(names[Int(days % 7)]) \(text)"
  }

  /// Seconds since 1970 on a clock that never changes. Not before 1970.
  private func local(_ instant: Int64) -> Int64 {
    let offset = zone.secondsFromGMT(for: Foundation::Date(timeIntervalSince1970: Double(instant)))
    return max(instant + Int64(offset), 0)
  }
}
