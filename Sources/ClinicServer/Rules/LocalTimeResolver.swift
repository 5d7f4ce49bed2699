internal import Foundation

/// Tells which instant a wall clock's time is, and what the clock shows at an instant: the one place
/// where rules in local time become moments.
///
/// Where the clock is put forward, a time that it skips moves forward by as much as is skipped: in
/// London on 29 March 2026, 01:30 is 02:30. Where it is put back, a time that it shows twice is the
/// first of the two: on 25 October 2026, 01:30 is 01:30 summer time. RFC 5545 §3.3.5 says the same.
package struct LocalTimeResolver: Sendable {
  /// The zone's IANA name.
  package let timeZone: String

  private let zone: TimeZone

  /// A resolver of an IANA zone; nil where it is unknown.
  package init?(timeZone: String) {
    guard let zone = TimeZone(identifier: timeZone) else { return nil }
    self.timeZone = timeZone
    self.zone = zone
  }

  /// The instant of a local time, in seconds since 1970.
  package func instant(of moment: LocalMoment) -> Int64 {
    // No zone is further from Greenwich than a day, so these two lie on either side of a change
    // that concerns the moment.
    let naive = moment.naive
    let before = offset(at: naive - 86_400)
    let after = offset(at: naive + 86_400)
    guard before != after else { return naive - before }
    let old = naive - before
    let new = naive - after
    let isOld = offset(at: old) == before
    let isNew = offset(at: new) == after
    if isOld && isNew { return min(old, new) }
    // In a gap neither holds: the old offset moves the time forward by the gap.
    return isNew && !isOld ? new : old
  }

  /// What the clock shows at an instant, in seconds since 1970.
  package func local(at instant: Int64) -> LocalMoment {
    LocalMoment(naive: instant + offset(at: instant))
  }

  /// Seconds that the clock is ahead of Greenwich at an instant.
  package func offset(at instant: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Foundation.Date(timeIntervalSince1970: Double(instant))))
  }
}
