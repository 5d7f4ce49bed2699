import Testing

@testable import ClinicServer

@Suite("Parting a recurrence")
struct RecurrenceSplitTests {
  @Test("keeps every occurrence, on its side, for seeded random rules and moments")
  func identity() throws {
    var generator = SeededGenerator(seed: 560)
    for golden in try RecurrenceGolden.cases() {
      guard let rule = try? RecurrenceRule(text: golden.rule) else { continue }
      let start = LocalMoment(try day(golden.start), hour: 9)
      var whole = Recurrence(start: start, rule: rule)
      for _ in 0..<generator.next(in: 0...2) {
        whole.additions.insert(
          LocalMoment(start.localDay + generator.next(in: 0...900), hour: 14))
      }
      let horizon = start.localDay + 1_500
      let all = Array(whole.occurrences(through: horizon))
      if !all.isEmpty { whole.exceptions.insert(all[generator.next(in: 0...all.count - 1)]) }
      let moment = LocalMoment(
        start.localDay + generator.next(in: -10...1_000),
        second: generator.next(in: 0...86_399))
      let parts = whole.split(at: moment)
      let before = parts.before.map { Array($0.occurrences(through: horizon)) } ?? []
      let after = parts.after.map { Array($0.occurrences(through: horizon)) } ?? []
      #expect(before.allSatisfy { $0 < moment }, "\(golden.rule) at \(moment)")
      #expect(after.allSatisfy { $0 >= moment }, "\(golden.rule) at \(moment)")
      let kept = all.filter { !whole.exceptions.contains($0) }
      #expect(before + after == kept, "\(golden.rule) at \(moment)")
    }
  }

  @Test("gives no part where nothing lies on a side")
  func emptySides() throws {
    let start = LocalMoment(try day("20260105"), hour: 9)
    let series = Recurrence(start: start, rule: try RecurrenceRule(text: "FREQ=WEEKLY;COUNT=3"))
    #expect(series.split(at: start).before == nil)
    #expect(series.split(at: start).after == series)
    #expect(series.split(at: LocalMoment(start.localDay + 60, hour: 9)).after == nil)
    let single = Recurrence(start: start)
    #expect(single.split(at: start) == (nil, single))
    #expect(single.split(at: LocalMoment(start.localDay + 1, hour: 0)) == (single, nil))
  }

  @Test("divides the count")
  func counts() throws {
    let start = LocalMoment(try day("20260105"), hour: 9)
    let series = Recurrence(start: start, rule: try RecurrenceRule(text: "FREQ=WEEKLY;COUNT=10"))
    let parts = series.split(at: LocalMoment(start.localDay + 21, hour: 9))
    #expect(parts.before?.rule?.text == "FREQ=WEEKLY;UNTIL=20260119T090000")
    #expect(parts.after?.rule?.text == "FREQ=WEEKLY;COUNT=7")
    #expect(parts.after?.start.day == start.day + 21)
  }
}

private func == (
  left: (before: Recurrence?, after: Recurrence?), right: (Recurrence?, Recurrence?)
) -> Bool {
  left.before == right.0 && left.after == right.1
}
