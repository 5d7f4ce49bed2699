import ClinicServer
import Testing

@Suite("Sets of instants")
struct SpansTests {
  @Test("agree with sets of numbers, whatever the spans", arguments: 0..<200)
  func model(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func spans(_ random: inout SeededGenerator) -> [Span] {
      (0..<random.next(below: 7)).map { _ in
        let start = Int64(random.next(below: 40))
        return Span(start, start + Int64(random.next(below: 9)))
      }
    }
    func members(_ spans: [Span]) -> Set<Int64> {
      Set(spans.flatMap { $0.isEmpty ? [] : Array($0.start..<$0.end) })
    }
    let (left, right) = (spans(&random), spans(&random))
    let sets = [Spans.union(left), Spans.union(right), Spans.union(spans(&random))]
    #expect(members(sets[0]) == members(left), "seed \(seed)")
    #expect(
      members(Spans.subtract(sets[1], from: sets[0])) == members(left).subtracting(members(right)),
      "seed \(seed)")
    #expect(
      members(Spans.intersect(sets[0], sets[1])) == members(left).intersection(members(right)),
      "seed \(seed)")
    let all = left + right
    for count in 1...3 {
      let expected = Set(
        (Int64(0)..<60).filter { instant in
          all.filter { $0.start <= instant && instant < $0.end }.count >= count
        })
      #expect(members(Spans.covered(by: count, of: all)) == expected, "seed \(seed), \(count)")
    }
    for set in sets + [Spans.intersect(sets[0], sets[1])] {
      for (first, second) in zip(set, set.dropFirst()) {
        #expect(first.end < second.start, "seed \(seed): touch or are out of order")
      }
    }
  }

  @Test("are cut to a span")
  func clipping() {
    #expect(
      Spans.clip([Span(0, 10), Span(20, 30), Span(40, 50)], to: Span(5, 25))
        == [Span(5, 10), Span(20, 25)])
  }
}
