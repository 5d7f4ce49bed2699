import ClinicServer
import Testing

@Suite("Demo schedules")
struct DemoScheduleTests {
  private func entries(seed: UInt64, now: Int64) throws -> [DemoSchedule.Entry] {
    let resolver = try #require(LocalTimeResolver(timeZone: "Europe/London"))
    let today = resolver.local(at: now).day
    let calendar = LocalCalendar(resolver, days: today - 2...today + 7)
    var schedule = DemoSchedule(seed: seed, now: now, patients: 60)
    let open = calendar.days.map {
      Span(calendar.instant(day: $0, minute: 540), calendar.instant(day: $0, minute: 1020))
    }
    return (0..<3).flatMap { practitioner in
      schedule.entries(
        practitioner: practitioner, open: open,
        kinds: [(0, .init(length: 15)), (1, .init(length: 30, before: 5, after: 10))], in: calendar)
    }
  }

  @Test(
    "are the same for a seed and a moment, and collide nowhere", arguments: [1, 2, 3] as [UInt64])
  func collisions(_ seed: UInt64) throws {
    let now: Int64 = 1_795_000_000
    let entries = try entries(seed: seed, now: now)
    #expect(entries == (try self.entries(seed: seed, now: now)))
    #expect(entries != (try self.entries(seed: seed + 1, now: now)))
    #expect(entries.count > 100)
    for (index, first) in entries.enumerated() {
      for second in entries[..<index] where first.span.overlaps(second.span) {
        #expect(first.practitioner != second.practitioner && first.patient != second.patient)
      }
      switch first.progress {
      case .completed, .noShow: #expect(first.span.end <= now)
      case .inConsultation: #expect(first.span.start <= now && first.span.end > now)
      case .booked, .confirmed, .arrived, .checkedIn: #expect(first.span.start > now)
      case .cancelled: break
      }
    }
  }
}
