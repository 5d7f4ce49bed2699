package import FoundationEssentials

/// A calendar as iCalendar text (RFC 5545): what a calendar program subscribes to.
package struct CalendarDocument: Sendable {
  /// The calendar's name, as most readers show it (`X-WR-CALNAME`).
  package var name: String
  /// The time zone of its events.
  package var timeZone: TimeZone
  package var events: [CalendarEvent]
  /// How often readers should look again, in minutes (RFC 7986 §5.7).
  package var refreshMinutes: Int

  static let product = "-//Clinic RPC//clinicd//EN"

  /// Makes a calendar.
  package init(
    name: String, timeZone: TimeZone, events: [CalendarEvent], refreshMinutes: Int = 15
  ) {
    self.name = name
    self.timeZone = timeZone
    self.events = events
    self.refreshMinutes = refreshMinutes
  }

  /// When the calendar became what it is (DTSTAMP): with the last change of an event. As long as
  /// nothing changes, its text stays the same.
  package var madeAt: Date { events.map(\.lastModified).max() ?? Date(timeIntervalSince1970: 0) }

  /// The calendar's text.
  package var text: String {
    var lines = ContentLines()
    lines.add("BEGIN", "VCALENDAR")
    lines.add("VERSION", "2.0")
    lines.add("PRODID", text: Self.product)
    lines.add("CALSCALE", "GREGORIAN")
    lines.add("METHOD", "PUBLISH")
    lines.add("NAME", text: name)
    lines.add("X-WR-CALNAME", text: name)
    lines.add("X-WR-TIMEZONE", text: timeZone.identifier)
    lines.add("REFRESH-INTERVAL;VALUE=DURATION", "PT\(refreshMinutes)M")
    if let first = events.map(\.start).min(), let last = events.map(\.end).max() {
      TimeZoneComponent(timeZone, from: first, through: last).write(to: &lines)
    }
    let stamp = ZonedText.utc(madeAt)
    for event in events { write(event, stamp: stamp, to: &lines) }
    lines.add("END", "VCALENDAR")
    return lines.text
  }

  private func write(_ event: CalendarEvent, stamp: String, to lines: inout ContentLines) {
    lines.add("BEGIN", "VEVENT")
    lines.add("UID", text: event.uid)
    lines.add("DTSTAMP", stamp)
    lines.add("LAST-MODIFIED", ZonedText.utc(event.lastModified))
    lines.add("SEQUENCE", "\(event.sequence)")
    lines.add("STATUS", event.status.rawValue)
    add("DTSTART", event.start, to: &lines)
    add("DTEND", event.end, to: &lines)
    lines.add("SUMMARY", text: event.summary)
    if !event.location.isEmpty { lines.add("LOCATION", text: event.location) }
    if !event.categories.isEmpty {
      lines.add("CATEGORIES", event.categories.map(ContentLines.escaped).joined(separator: ","))
    }
    lines.add("TRANSP", event.status == .cancelled ? "TRANSPARENT" : "OPAQUE")
    lines.add("END", "VEVENT")
  }

  /// A time on the zone's clock. The second of two equal times at the end of summer time has no
  /// such form (§3.3.5), and stands in UTC.
  private func add(_ name: String, _ moment: Date, to lines: inout ContentLines) {
    let offset = timeZone.secondsFromGMT(for: moment)
    // The clock was put back by so much in the last hours, and showed the same time before.
    let earlier = timeZone.secondsFromGMT(for: moment - ZonedText.longestRepetition)
    let isRepeated =
      earlier > offset
      && timeZone.secondsFromGMT(for: moment - TimeInterval(earlier - offset)) == earlier
    if isRepeated {
      lines.add(name, ZonedText.utc(moment))
    } else {
      lines.add(
        "\(name);TZID=\(timeZone.identifier)", ZonedText.local(moment, offset: offset))
    }
  }
}

/// Times as iCalendar writes them.
enum ZonedText {
  /// Longer than a clock is put back by anywhere.
  static let longestRepetition: TimeInterval = 3 * 3_600

  /// `20260329T080000Z`.
  static func utc(_ moment: Date) -> String { local(moment, offset: 0) + "Z" }

  /// `20260329T090000`, on a clock that is `offset` seconds ahead of UTC.
  static func local(_ moment: Date, offset: Int) -> String {
    let seconds = Int(moment.timeIntervalSince1970.rounded(.down)) + offset
    let day = Int((Double(seconds) / 86_400).rounded(.down))
    return LocalMoment(LocalDay(number: day), second: seconds - day * 86_400).basicText
  }
}
