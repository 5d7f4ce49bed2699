// Called by generated validators.

extension Violations {
  // MARK: Messages

  /// Checks a message field.
  /// - Parameters:
  ///   - required: The message must be there.
  ///   - partial: The outer message holds only some of its fields.
  ///   - innerPartial: The field's message holds only some of its fields.
  ///   - descends: Whether the field's own rules are checked here.
  @inlinable
  public mutating func check<Value: Message>(
    _ field: String, _ value: Value?, required: Bool = false, partial: Bool, innerPartial: Bool,
    descends: Bool = true
  ) {
    if let value {
      if descends { check(field, value, partial: innerPartial) }
    } else if required && !partial {
      addRequired(field)
    }
  }

  /// Checks the message of a field that is there.
  @inlinable
  public mutating func check<Value: Message>(_ field: String, _ value: Value, partial: Bool) {
    descend(field) { value.validate(&$0, partial: partial) }
  }

  /// Checks a list of messages. Its elements are whole, also in a partial message.
  @inlinable
  public mutating func check<Value: Message>(
    _ field: String, _ values: [Value], _ items: ItemRules, partial: Bool, descends: Bool = true
  ) {
    guard checkCount(field, values.count, items, partial: partial), descends else { return }
    for index in values.indices {
      descend(field, index: index) { values[index].validate(&$0, partial: false) }
      if isFull { return }
    }
  }

  // MARK: Lists and maps

  /// Checks how many elements a list or map has.
  /// - Returns: Whether the elements are worth checking.
  @discardableResult
  public mutating func checkCount(
    _ field: String, _ count: Int, _ rules: ItemRules, partial: Bool
  ) -> Bool {
    if count == 0 {
      if partial { return false }
      if rules.required {
        addRequired(field)
      } else if rules.minItems > 0 {
        add(field, reason: "TOO_FEW_ITEMS", description: "must have \(Self.items(rules))")
      }
      return false
    }
    if count > rules.maxItems {
      add(field, reason: "TOO_MANY_ITEMS", description: "must have \(Self.items(rules))")
      return false
    }
    if count < rules.minItems {
      add(field, reason: "TOO_FEW_ITEMS", description: "must have \(Self.items(rules))")
    }
    return true
  }

  /// Checks the values of a map; the closure checks one of them and reports with an empty field.
  public mutating func check<Key: Hashable, Value>(
    _ field: String, _ map: [Key: Value], _ items: ItemRules, partial: Bool,
    _ checkValue: (inout Violations, Value) -> Void
  ) {
    guard checkCount(field, map.count, items, partial: partial) else { return }
    for (key, value) in map {
      let start = all.count
      checkValue(&self, value)
      if all.count != start { nameEntry(of: field, "\(key)", from: start) }
      if isFull { return }
    }
  }

  private static func items(_ rules: ItemRules) -> String {
    switch (rules.minItems, rules.maxItems) {
    case (0, let most): most == 1 ? "at most 1 element" : "at most \(most) elements"
    case (let least, .max): least == 1 ? "at least 1 element" : "at least \(least) elements"
    case (let least, let most): "from \(least) to \(most) elements"
    }
  }

  /// The greatest number of scalars of a map's key that a path repeats.
  private static let keyLength = 64

  mutating func nameEntry(of field: String, _ key: String, from start: Int) {
    let shown = String(String.UnicodeScalarView(key.unicodeScalars.prefix(Self.keyLength)))
    prefix(from: start, with: "\(field)[\(shown)]")
  }

  mutating func nameElement(of field: String, _ index: Int, from start: Int) {
    prefix(from: start, with: "\(field)[\(index)]")
  }
}
