internal import FoundationEssentials

/// A VTIMEZONE (RFC 5545 §3.6.5): the offsets that a zone has in a span of time, each with the
/// moments at which it begins.
struct TimeZoneComponent: Sendable {
  /// An offset from UTC that begins at some moments, always after the same other one.
  private struct Observance: Sendable, Hashable {
    let isDaylight: Bool
    let from: Int
    let to: Int
  }

  private let identifier: String
  private var observances: [(observance: Observance, begins: [Date])] = []

  /// Describes a zone for events that begin and end in a span of time.
  init(_ zone: TimeZone, from first: Date, through last: Date) {
    identifier = zone.identifier
    // What holds at the first event began at some time before it.
    let opening = first - 86_400
    let offset = zone.secondsFromGMT(for: opening)
    add(
      Observance(isDaylight: zone.isDaylightSavingTime(for: opening), from: offset, to: offset),
      at: opening)
    var moment = opening
    while let next = zone.nextDaylightSavingTimeTransition(after: moment), next <= last {
      add(
        Observance(
          isDaylight: zone.isDaylightSavingTime(for: next),
          from: zone.secondsFromGMT(for: next - 1), to: zone.secondsFromGMT(for: next)),
        at: next)
      moment = next
    }
  }

  private mutating func add(_ observance: Observance, at moment: Date) {
    if let index = observances.firstIndex(where: { $0.observance == observance }) {
      observances[index].begins.append(moment)
    } else {
      observances.append((observance, [moment]))
    }
  }

  func write(to lines: inout ContentLines) {
    lines.add("BEGIN", "VTIMEZONE")
    lines.add("TZID", text: identifier)
    for (observance, begins) in observances {
      let kind = observance.isDaylight ? "DAYLIGHT" : "STANDARD"
      lines.add("BEGIN", kind)
      // The wall clock's time before it is moved.
      let onsets = begins.map { ZonedText.local($0, offset: observance.from) }
      lines.add("DTSTART", onsets[0])
      if onsets.count > 1 { lines.add("RDATE", onsets.dropFirst().joined(separator: ",")) }
      lines.add("TZOFFSETFROM", Self.offset(observance.from))
      lines.add("TZOFFSETTO", Self.offset(observance.to))
      lines.add("END", kind)
    }
    lines.add("END", "VTIMEZONE")
  }

  /// `+0100`.
  private static func offset(_ seconds: Int) -> String {
    let minutes = abs(seconds) / 60
    return (seconds < 0 ? "-" : "+") + Digits.padded(minutes / 60, to: 2)
      + Digits.padded(minutes % 60, to: 2)
  }
}
