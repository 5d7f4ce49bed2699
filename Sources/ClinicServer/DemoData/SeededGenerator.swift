/// A random generator that gives the same numbers for the same seed, on every machine and with every
/// version of Swift (SplitMix64, G. Steele et al. 2014). Not for secrets.
package struct SeededGenerator: Sendable {
  private var state: UInt64

  /// Starts at a seed.
  package init(seed: UInt64) {
    state = seed
  }

  /// 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }

  /// A number from 0 up to, not including, `bound` (1 and up). The bias of the multiplication is
  /// below 2⁻³² for the small bounds used here.
  package mutating func next(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number of a range.
  package mutating func next(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + next(below: range.count)
  }

  /// True in `percent` of 100 cases.
  package mutating func chance(_ percent: Int) -> Bool { next(below: 100) < percent }

  /// One of a list, which is not empty.
  package mutating func pick<Element>(_ list: [Element]) -> Element {
    list[next(below: list.count)]
  }
}
