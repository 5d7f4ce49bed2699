package import FoundationEssentials

/// Something in a calendar (RFC 5545 §3.6.1).
package struct CalendarEvent: Sendable, Hashable {
  /// Whether it takes place (§3.8.1.11).
  package enum Status: String, Sendable, Hashable {
    case tentative = "TENTATIVE"
    case confirmed = "CONFIRMED"
    case cancelled = "CANCELLED"
  }

  /// The name of the event in the world, the same for as long as it lives.
  package var uid: String
  /// Counts the changes of time and state: readers keep the event with the greatest one.
  package var sequence: Int
  package var status: Status
  package var start: Date
  package var end: Date
  package var summary: String
  package var location: String
  package var categories: [String]
  /// When the event was last changed.
  package var lastModified: Date

  /// Makes an event.
  package init(
    uid: String, sequence: Int = 0, status: Status = .confirmed, start: Date,
    end: Date, summary: String, location: String = "", categories: [String] = [],
    lastModified: Date
  ) {
    self.uid = uid
    self.sequence = sequence
    self.status = status
    self.start = start
    self.end = end
    self.summary = summary
    self.location = location
    self.categories = categories
    self.lastModified = lastModified
  }
}
