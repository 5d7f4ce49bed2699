// What no value of a type may be. Decoding loses nothing and lets these pass; requests are checked.

extension String {
  /// Reports U+0000: PostgreSQL cannot hold it, and much software takes it for the end of a text.
  public func checkWellFormed(_ violations: inout Violations) {
    if holdsNull {
      violations.add("", reason: "FORMAT_TEXT", description: "must not contain U+0000")
    }
  }

  fileprivate var holdsNull: Bool {
    // Memory that is searched at once, where the text is in one piece: nearly always.
    utf8.withContiguousStorageIfAvailable { $0.contains(0) } ?? utf8.contains(0)
  }
}

extension Timestamp {
  /// Whether this is a moment of the years 1 to 9999.
  var isWellFormed: Bool {
    Self.validSeconds.contains(seconds) && (0...999_999_999).contains(nanos)
  }

  /// Reports a moment that RFC 3339 cannot write: arithmetic with it would not end well.
  public func checkWellFormed(_ violations: inout Violations) {
    guard !isWellFormed else { return }
    violations.add(
      "", reason: "OUT_OF_RANGE",
      description: "must be from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z")
  }
}

extension ProtoDuration {
  /// Whether this is a span of at most 10,000 years whose parts have one sign.
  var isWellFormed: Bool {
    Self.validSeconds.contains(seconds) && (-999_999_999...999_999_999).contains(nanos)
      && (seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0))
  }

  /// Reports a span that is too long, or whose parts contradict each other.
  public func checkWellFormed(_ violations: inout Violations) {
    guard !isWellFormed else { return }
    violations.add(
      "", reason: "OUT_OF_RANGE",
      description: "must be from -315576000000 to 315576000000 seconds, with nanos of their sign")
  }
}

extension Message {
  /// Reports fields whose values are none of their types, in the order of the contract.
  public func checkWellFormed(_ violations: inout Violations) {
    var walk = WellFormedWalk<Self>(violations: violations)
    // This visitor does not throw.
    try? visitFields(&walk)
    violations = walk.violations
  }
}

/// Goes through the fields of a message, and names those that report something.
private struct WellFormedWalk<Walked: Message>: FieldVisitor {
  var violations: Violations

  mutating func value(_ index: Int, _ value: some FieldValue) {
    let start = violations.all.count
    value.checkWellFormed(&violations)
    if violations.all.count != start { violations.prefix(from: start, with: name(index)) }
  }

  mutating func optional(_ index: Int, _ value: (some FieldValue)?) {
    if let value { self.value(index, value) }
  }

  mutating func list(_ index: Int, _ values: [some FieldValue]) {
    for (position, value) in values.enumerated() {
      let start = violations.all.count
      value.checkWellFormed(&violations)
      if violations.all.count != start {
        violations.nameElement(of: name(index), position, from: start)
      }
      if violations.isFull { return }
    }
  }

  mutating func map<Key: MapKey>(_ index: Int, _ values: [Key: some FieldValue]) {
    for (key, value) in values {
      let start = violations.all.count
      let text = key.jsonKey
      guard !text.holdsNull else {
        // The path would repeat it.
        violations.add(
          name(index), reason: "FORMAT_TEXT", description: "must not have U+0000 in a key")
        continue
      }
      value.checkWellFormed(&violations)
      if violations.all.count != start { violations.nameEntry(of: name(index), text, from: start) }
      if violations.isFull { return }
    }
  }

  /// Asked for only where something is wrong.
  private func name(_ index: Int) -> String { Walked.descriptor.fields[index].name }
}
