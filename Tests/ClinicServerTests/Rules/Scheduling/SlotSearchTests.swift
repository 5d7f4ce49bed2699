import ClinicServer
import Foundation
import Testing

@Suite("Slot search")
struct SlotSearchTests {
  private static let hour: Int64 = 3_600
  private static let practitioner = 1
  private static let room = 2

  /// Monday 5 January 2026, midnight in London and Greenwich.
  private static let monday = Int64(LocalTimeResolverTests.day(2026, 1, 5)) * 86_400

  private static func at(_ hours: Double) -> Int64 { monday + Int64(hours * 3_600) }

  private static func span(_ from: Double, _ to: Double) -> Span { Span(at(from), at(to)) }

  private func calendar(
    _ zone: String = "Europe/London", _ days: ClosedRange<Int>? = nil
  ) throws -> LocalCalendar {
    let resolver = try #require(LocalTimeResolver(timeZone: zone))
    let first = Int(Self.monday / 86_400)
    return LocalCalendar(resolver, days: days ?? first...first)
  }

  private func starts(
    _ search: SlotSearch, _ range: Span = span(0, 24), grid: Int = 900, limit: Int = 1_000
  ) throws -> [Double] {
    try search.slots(
      in: range, grid: grid, calendar: try calendar(), leadingKind: Self.practitioner, limit: limit
    ).map { Double($0.span.start - Self.monday) / 3_600 }
  }

  private func candidate(
    _ kind: Int = practitioner, capacity: Int = 1, open: [Span] = [span(9, 12)],
    claims: [Span] = []
  ) -> SlotSearch.Candidate {
    SlotSearch.Candidate(id: UUID(), kind: kind, capacity: capacity, open: open, claims: claims)
  }

  private func search(
    _ candidates: [SlotSearch.Candidate], needs: [SlotSearch.Need] = [.init(kind: practitioner)],
    minutes: Int64 = 30, before: Int64 = 0, after: Int64 = 0, patient: [Span] = []
  ) -> SlotSearch {
    SlotSearch(
      needs: needs, length: minutes * 60, bufferBefore: before * 60, bufferAfter: after * 60,
      candidates: candidates, patientClaims: patient)
  }

  @Test("offers every start on the grid that fits between opening, closing and others")
  func gaps() throws {
    let doctor = candidate(claims: [Self.span(9.5, 10), Self.span(11, 11.25)])
    #expect(try starts(search([doctor])) == [9, 10, 10.25, 10.5, 11.25, 11.5])
    #expect(try starts(search([doctor]), grid: 1800) == [9, 10, 10.5, 11.5])
    #expect(try starts(search([doctor], minutes: 60)) == [10])
    #expect(try starts(search([doctor]), Self.span(10.1, 11.4)) == [10.25, 10.5])
    #expect(try starts(search([doctor]), limit: 2) == [9, 10])
    #expect(try starts(search([candidate(open: [])])) == [])
  }

  @Test("keeps buffers free, which may lie outside of opening hours")
  func buffers() throws {
    let doctor = candidate(open: [Self.span(9, 11)], claims: [Self.span(10, 10.25)])
    #expect(try starts(search([doctor], before: 15, after: 15)) == [9, 9.25, 10.5])
  }

  @Test("gives a start for each practitioner who is free, with a room for each")
  func rooms() throws {
    let (first, second) = (candidate(), candidate(open: [Self.span(9, 10)]))
    let room = candidate(Self.room, open: [Self.span(0, 24)], claims: [Self.span(9, 9.5)])
    let both = search(
      [first, second, room], needs: [.init(kind: Self.practitioner), .init(kind: Self.room)])
    let slots = try both.slots(
      in: Self.span(0, 10.5), grid: 1800, calendar: try calendar(),
      leadingKind: Self.practitioner, limit: 10)
    #expect(
      slots.map(\.ids) == [[first.id, room.id], [second.id, room.id], [first.id, room.id]])
    #expect(slots.map(\.span.start) == [Self.at(9.5), Self.at(9.5), Self.at(10)])
  }

  @Test("fills every place of a resource that takes several, and no more")
  func capacity() throws {
    let claims = [Self.span(9, 10), Self.span(9.5, 10.5)]
    #expect(
      try starts(search([candidate(capacity: 2, claims: claims)])) == [
        9, 10, 10.25, 10.5, 10.75, 11, 11.25, 11.5
      ])
    #expect(
      try starts(search([candidate(capacity: 2, claims: claims)]), Self.span(9, 10.5))
        == [9, 10])
    #expect(
      try starts(search([candidate(capacity: 3, claims: claims)]), Self.span(9, 10.5))
        == [9, 9.25, 9.5, 9.75, 10])
  }

  @Test("counts who is there at a moment, not who comes in between")
  func depth() throws {
    let group = candidate(capacity: 2, claims: [Self.span(9, 9.5), Self.span(9.5, 10)])
    #expect(try starts(search([group], minutes: 60), Self.span(9, 10)) == [9])
    #expect(search([group], minutes: 60).assignment(at: Self.at(9), including: []) == [group.id])
    let isFree = search([group], minutes: 60)
      .assignment(at: Self.at(9), including: [], passingOver: .hours)
    #expect(isFree == [group.id])
  }

  @Test("leaves out the times at which the patient is elsewhere")
  func patient() throws {
    #expect(
      try starts(search([candidate()], patient: [Self.span(9.5, 11)])) == [9, 11, 11.25, 11.5])
  }

  @Test("finds who can do what where the first who fits would leave another need unmet")
  func matching() throws {
    let (both, one) = (candidate(), candidate())
    let search = search(
      [both, one],
      needs: [.init(kind: Self.practitioner), .init(kind: Self.practitioner, ids: [both.id])])
    #expect(search.assignment(at: Self.at(9), including: []) == [one.id, both.id])
    #expect(search.assignment(at: Self.at(9), including: [both.id]) == [one.id, both.id])
    #expect(search.assignment(at: Self.at(9), including: [UUID()]) == nil)
    #expect(search.assignment(at: Self.at(8), including: []) == nil)
    #expect(search.assignment(at: Self.at(8), including: [], passingOver: .hours) != nil)
  }

  @Test("tells what stands in the way, and what passing over it gives")
  func conflicts() {
    let doctor = candidate(claims: [Self.span(9, 9.5)])
    let search = search([doctor], after: 15)
    #expect(search.assignment(at: Self.at(9.25), including: []) == nil)
    #expect(
      search.assignment(at: Self.at(9.25), including: [], passingOver: .claims) == [doctor.id])
    #expect(search.assignment(at: Self.at(9.25), including: [], passingOver: .hours) == nil)
    #expect(
      search.conflicts(at: Self.at(9.25), of: [doctor.id]).map(\.span) == [Self.span(9, 9.5)])
    // The buffer after it reaches nine.
    #expect(search.conflicts(at: Self.at(8.5), of: [doctor.id]).count == 1)
    #expect(search.conflicts(at: Self.at(9.5), of: [doctor.id]).isEmpty)
  }

  @Test("tells of whom more would help, where somebody else of the kind is free")
  func missing() {
    let (taken, free) = (
      candidate(Self.room, claims: [Self.span(9, 10)]), candidate(Self.room)
    )
    let closed = candidate(Self.room, open: [], claims: [Self.span(9, 10)])
    let (doctor, busy) = (candidate(), candidate(claims: [Self.span(9, 10)]))
    let all = [taken, free, closed, doctor, busy]
    func missing(_ needs: [SlotSearch.Need], _ included: Set<UUID> = []) -> Set<UUID> {
      search(all, needs: needs).missing(at: Self.at(9), including: included)
    }
    // One that it names is taken; the other would not do.
    #expect(missing([.init(kind: Self.room, ids: [taken.id])]) == [taken.id])
    // Two are needed, and one is left. Who is away would be of no help.
    #expect(missing([.init(kind: Self.room), .init(kind: Self.room)]) == [taken.id])
    // The one who is free is needed for what only they can do.
    #expect(
      missing([.init(kind: Self.practitioner), .init(kind: Self.practitioner, ids: [doctor.id])])
        == [busy.id])
    // Whom the caller wants, and nobody else of the kind.
    #expect(missing([.init(kind: Self.practitioner)], [busy.id]) == [busy.id])
    #expect(
      missing(
        [.init(kind: Self.practitioner), .init(kind: Self.room, ids: [taken.id])], [doctor.id])
        == [taken.id])
    #expect(missing([.init(kind: Self.practitioner), .init(kind: Self.room)]).isEmpty)
  }

  @Test(
    "keeps to the wall clock's grid on the days of a change",
    arguments: [
      ("Europe/London", (2026, 3, 29), 23), ("Europe/London", (2026, 10, 25), 25),
      ("Australia/Lord_Howe", (2026, 10, 4), 23), ("Australia/Lord_Howe", (2026, 4, 5), 24),
      ("Asia/Kathmandu", (2026, 7, 1), 24)
    ])
  func clockChange(_ zone: String, _ date: (Int, Int, Int), _ count: Int) throws {
    let resolver = try #require(LocalTimeResolver(timeZone: zone))
    let day = LocalTimeResolverTests.day(date.0, date.1, date.2)
    let calendar = LocalCalendar(resolver, days: day...day)
    let slots = try search([candidate(open: [calendar.bounds])]).slots(
      in: calendar.bounds, grid: 3_600, calendar: calendar, leadingKind: Self.practitioner,
      limit: 100)
    #expect(slots.count == count)
    for slot in slots {
      let shown = resolver.local(at: slot.span.start)
      #expect(shown.day == day && shown.minute % 60 == 0)
    }
  }

  @Test("tries no time at which a need by itself cannot be met, however long the range")
  func alwaysFull() throws {
    let days = Int(Self.monday / 86_400)...Int(Self.monday / 86_400) + 61
    let calendar = try calendar("Europe/London", days)
    let doctors = (0..<50).map { _ in candidate(open: [calendar.bounds]) }
    let room = candidate(Self.room, open: [calendar.bounds], claims: [calendar.bounds])
    let search = search(
      doctors + [room], needs: [.init(kind: Self.practitioner), .init(kind: Self.room)])
    let started = ContinuousClock.now
    let slots = try search.slots(
      in: calendar.bounds, grid: 60, calendar: calendar, leadingKind: Self.practitioner, limit: 50)
    #expect(slots.isEmpty)
    #expect(ContinuousClock.now - started < .seconds(2))
  }

  @Test("ends with the call that it is for")
  func cancellation() async throws {
    let calendar = try calendar()
    let search = search([candidate()])
    let result = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try search.slots(
        in: Self.span(0, 24), grid: 60, calendar: calendar, leadingKind: Self.practitioner,
        limit: 50)
    }.result
    #expect(throws: CancellationError.self) { try result.get() }
  }

  @Test("agrees with trying every minute", arguments: 0..<60)
  func model(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func claims(_ random: inout SeededGenerator) -> [Span] {
      (0..<random.next(below: 8)).map { _ in
        let start = Self.monday + Int64(random.next(below: 24 * 12)) * 300
        return Span(start, start + Int64(1 + random.next(below: 20)) * 300)
      }
    }
    let capacity = 1 + random.next(below: 2)
    let candidates = [
      candidate(open: [Self.span(8, 12), Self.span(13, 18)], claims: claims(&random)),
      candidate(open: [Self.span(10, 19)], claims: claims(&random)),
      candidate(Self.room, capacity: capacity, open: [Self.span(0, 24)], claims: claims(&random))
    ]
    let before = Int64(random.next(below: 3)) * 300
    let search = search(
      candidates, needs: [.init(kind: Self.practitioner), .init(kind: Self.room)], minutes: 25,
      before: before / 60, after: 10, patient: claims(&random))
    let found = try search.slots(
      in: Self.span(0, 24), grid: 300, calendar: try calendar(), leadingKind: Self.practitioner,
      limit: 10_000)
    var expected: [String] = []
    for start in stride(from: Self.monday, through: Self.at(24) - 1_500, by: 300) {
      let own = Span(start, start + 1_500)
      let wide = Span(start - before, start + 1_500 + 600)
      if search.patientClaims.contains(where: { $0.overlaps(own) }) { continue }
      func isFree(_ candidate: SlotSearch.Candidate) -> Bool {
        candidate.open.contains { $0.contains(own) }
          && stride(from: wide.start, to: wide.end, by: 300).allSatisfy { moment in
            candidate.claims.filter { $0.start <= moment && moment < $0.end }.count
              < candidate.capacity
          }
      }
      guard isFree(candidates[2]) else { continue }
      expected += candidates.prefix(2).filter(isFree).map { "\(start) \($0.id)" }
    }
    #expect(found.map { "\($0.span.start) \($0.ids[0])" } == expected, "seed \(seed)")
  }
}
