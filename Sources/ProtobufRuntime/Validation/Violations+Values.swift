// Called by generated validators. In each of these, `field` is the field's name in the contract and
// `partial` says that the message holds only some of its fields, so that absence is no violation.

extension Violations {
  /// Reports a field that is not set.
  public mutating func addRequired(_ field: String) {
    add(field, reason: "REQUIRED", description: "must be set")
  }

  /// Checks a boolean, or any other value of which the rules say no more than that it is set.
  public mutating func check(_ field: String, isSet: Bool, partial: Bool) {
    if !isSet && !partial { addRequired(field) }
  }

  // MARK: Strings

  /// Checks a string whose empty value stands for "not set".
  public mutating func check(
    _ field: String, _ value: String, _ rules: StringRules, partial: Bool
  ) {
    if value.isEmpty {
      if rules.required && !partial { addRequired(field) }
    } else {
      checkPresent(field, value, rules)
    }
  }

  /// Checks an `optional` string.
  public mutating func check(
    _ field: String, _ value: String?, _ rules: StringRules, partial: Bool
  ) {
    guard let value, !value.isEmpty || !rules.required else {
      if rules.required && !(partial && value == nil) { addRequired(field) }
      return
    }
    checkPresent(field, value, rules)
  }

  /// Checks a list of strings.
  public mutating func check(
    _ field: String, _ values: [String], _ items: ItemRules, _ rules: StringRules, partial: Bool
  ) {
    guard checkCount(field, values.count, items, partial: partial) else { return }
    for (index, value) in values.enumerated() {
      let start = all.count
      checkPresent("", value, rules, isElement: true)
      if all.count != start { nameElement(of: field, index, from: start) }
      if isFull { return }
    }
  }

  private mutating func checkPresent(
    _ field: String, _ value: String, _ rules: StringRules, isElement: Bool = false
  ) {
    if rules.required && Self.isBlank(value) { return addRequired(field) }
    // A scalar takes one to four bytes, so most strings need no counting.
    let bytes = value.utf8.count
    if bytes > rules.maxLength && value.unicodeScalars.count > rules.maxLength {
      return add(
        field, reason: "TOO_LONG",
        description: "must have at most \(Self.characters(rules.maxLength))")
    }
    if bytes < rules.minLength * 4 && value.unicodeScalars.count < rules.minLength {
      return add(
        field, reason: "TOO_SHORT",
        description: "must have at least \(Self.characters(rules.minLength))")
    }
    guard isElement || !value.isEmpty else { return }
    if let format = rules.format, !format.matches(value) {
      add(field, reason: format.reason, description: format.rule)
    } else if let pattern = rules.pattern, !pattern.matches(value) {
      add(field, reason: "PATTERN", description: "must match \(pattern.source)")
    }
  }

  /// Whether there is nothing to read in a string: a reason of blanks is none.
  private static func isBlank(_ value: String) -> Bool {
    value.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }

  private static func characters(_ count: Int) -> String {
    count == 1 ? "1 character" : "\(count) characters"
  }

  // MARK: Bytes

  /// Checks a byte string whose empty value stands for "not set".
  public mutating func check(
    _ field: String, _ value: [UInt8], _ rules: BytesRules, partial: Bool
  ) {
    if value.isEmpty {
      if rules.required && !partial { addRequired(field) }
    } else {
      checkPresent(field, value, rules)
    }
  }

  /// Checks an `optional` byte string.
  public mutating func check(
    _ field: String, _ value: [UInt8]?, _ rules: BytesRules, partial: Bool
  ) {
    guard let value, !value.isEmpty || !rules.required else {
      if rules.required && !(partial && value == nil) { addRequired(field) }
      return
    }
    checkPresent(field, value, rules)
  }

  /// Checks a list of byte strings.
  public mutating func check(
    _ field: String, _ values: [[UInt8]], _ items: ItemRules, _ rules: BytesRules, partial: Bool
  ) {
    guard checkCount(field, values.count, items, partial: partial) else { return }
    for (index, value) in values.enumerated() {
      let start = all.count
      checkPresent("", value, rules)
      if all.count != start { nameElement(of: field, index, from: start) }
      if isFull { return }
    }
  }

  private mutating func checkPresent(_ field: String, _ value: [UInt8], _ rules: BytesRules) {
    if value.count > rules.maxLength {
      add(field, reason: "TOO_LONG", description: "must have at most \(rules.maxLength) bytes")
    } else if value.count < rules.minLength {
      add(field, reason: "TOO_SHORT", description: "must have at least \(rules.minLength) bytes")
    }
  }

  // MARK: Numbers

  /// Checks a number whose zero stands for "not set".
  public mutating func check<Number>(
    _ field: String, _ value: Number, _ rules: NumberRules<Number>, partial: Bool
  ) {
    if rules.required && value == 0 {
      if !partial { addRequired(field) }
    } else {
      checkRange(field, value, rules)
    }
  }

  /// Checks an `optional` number.
  public mutating func check<Number>(
    _ field: String, _ value: Number?, _ rules: NumberRules<Number>, partial: Bool
  ) {
    if let value {
      checkRange(field, value, rules)
    } else if rules.required && !partial {
      addRequired(field)
    }
  }

  /// Checks a list of numbers.
  public mutating func check<Number>(
    _ field: String, _ values: [Number], _ items: ItemRules, _ rules: NumberRules<Number>,
    partial: Bool
  ) {
    guard checkCount(field, values.count, items, partial: partial) else { return }
    for (index, value) in values.enumerated() {
      let start = all.count
      checkRange("", value, rules)
      if all.count != start { nameElement(of: field, index, from: start) }
      if isFull { return }
    }
  }

  private mutating func checkRange<Number>(
    _ field: String, _ value: Number, _ rules: NumberRules<Number>
  ) {
    // Not a number is outside of every range, so the comparisons are made to fail on it.
    let isLargeEnough = rules.minimum.map { value >= $0 } ?? true
    let isSmallEnough = rules.maximum.map { value <= $0 } ?? true
    guard !isLargeEnough || !isSmallEnough else { return }
    let description =
      switch (rules.minimum, rules.maximum) {
      case (let minimum?, let maximum?): "must be from \(minimum) to \(maximum)"
      case (let minimum?, nil): "must be at least \(minimum)"
      case (nil, let maximum?): "must be at most \(maximum)"
      case (nil, nil): ""
      }
    let reason = isLargeEnough ? "TOO_LARGE" : "TOO_SMALL"
    add(field, reason: reason, description: description)
  }

  // MARK: Enums

  /// Checks an enum value; number 0 stands for "not set".
  public mutating func check<Value: OpenEnum>(
    _ field: String, _ value: Value, _ rules: EnumRules, partial: Bool
  ) {
    if rules.required && value.rawValue == 0 {
      if !partial { addRequired(field) }
    } else {
      checkDefined(field, value, rules)
    }
  }

  /// Checks an `optional` enum value.
  public mutating func check<Value: OpenEnum>(
    _ field: String, _ value: Value?, _ rules: EnumRules, partial: Bool
  ) {
    if let value {
      checkDefined(field, value, rules)
    } else if rules.required && !partial {
      addRequired(field)
    }
  }

  /// Checks a list of enum values.
  public mutating func check<Value: OpenEnum>(
    _ field: String, _ values: [Value], _ items: ItemRules, _ rules: EnumRules, partial: Bool
  ) {
    guard checkCount(field, values.count, items, partial: partial) else { return }
    for (index, value) in values.enumerated() {
      let start = all.count
      checkDefined("", value, rules)
      if all.count != start { nameElement(of: field, index, from: start) }
      if isFull { return }
    }
  }

  private mutating func checkDefined<Value: OpenEnum>(
    _ field: String, _ value: Value, _ rules: EnumRules
  ) {
    if rules.definedOnly && !value.isRecognized {
      add(
        field, reason: "UNDEFINED_VALUE",
        description: "must be a value that \(Value.descriptor.fullName) names")
    }
  }
}
