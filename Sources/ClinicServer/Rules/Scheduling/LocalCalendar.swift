/// The days of a wall clock over a range of time, prepared so that many local times become instants
/// quickly: only days near a change of the clock ask the zone.
package struct LocalCalendar: Sendable {
  /// The first and last date that the range touches, in days since 1970.
  package let days: ClosedRange<Int>

  private let resolver: LocalTimeResolver
  private let firstOffset: Int
  /// The clock's lead over Greenwich at each midnight of Greenwich, from two days before the range.
  private let offsets: [Int64]

  /// The days that a range of instants touches.
  package init(_ resolver: LocalTimeResolver, over range: Span) {
    let first = resolver.local(at: range.start).day
    let last = resolver.local(at: max(range.end - 1, range.start)).day
    self.init(resolver, days: first...max(first, last))
  }

  /// These days.
  package init(_ resolver: LocalTimeResolver, days: ClosedRange<Int>) {
    self.resolver = resolver
    self.days = days
    firstOffset = days.lowerBound - 2
    offsets = (firstOffset...days.upperBound + 3).map { resolver.offset(at: Int64($0) * 86_400) }
  }

  /// From the first instant of the first day to the last of the last.
  package var bounds: Span {
    Span(instant(day: days.lowerBound, minute: 0), instant(day: days.upperBound + 1, minute: 0))
  }

  /// The instants of a day.
  package func span(of day: Int) -> Span {
    Span(instant(day: day, minute: 0), instant(day: day + 1, minute: 0))
  }

  /// The instant of a minute (0 to 1440) of a day.
  package func instant(day: Int, minute: Int) -> Int64 {
    let moment = LocalMoment(day: day, minute: minute)
    if let before = offset(onDay: moment.day - 1), before == offset(onDay: moment.day + 2) {
      return moment.naive - before
    }
    return resolver.instant(of: moment)
  }

  /// The instant of any local time.
  package func instant(of moment: LocalMoment) -> Int64 { resolver.instant(of: moment) }

  /// What the clock shows at an instant.
  package func local(at instant: Int64) -> LocalMoment {
    let day = LocalMoment(naive: instant).day
    if let before = offset(onDay: day), before == offset(onDay: day + 1) {
      return LocalMoment(naive: instant + before)
    }
    return resolver.local(at: instant)
  }

  /// The first instant from `instant` on at which the clock shows a multiple of so many seconds
  /// after midnight.
  package func aligned(_ instant: Int64, to grid: Int) -> Int64 {
    var instant = instant
    while true {
      let second = local(at: instant).second
      let past = second % grid
      if past == 0 { return instant }
      // Midnight is on every grid. A change of the clock on the way shows in the next round.
      instant += Int64(min(grid - past, 86_400 - second))
    }
  }

  private func offset(onDay day: Int) -> Int64? {
    let index = day - firstOffset
    return offsets.indices.contains(index) ? offsets[index] : nil
  }
}
