import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Generated validators")
struct ValidatorTests {
  // MARK: Strings

  /// A message in which nothing is wrong.
  private static var text: TextRules {
    TextRules.with {
      $0.required = "x"
      $0.requiredOptional = "x"
      $0.lines = ["x"]
    }
  }

  @Test("find nothing wrong with a message that follows the rules")
  func sound() {
    #expect(Self.text.validationErrors().isEmpty)
    #expect(Self.values.validationErrors().isEmpty)
    #expect(MessageRules.with { $0.required = Leaf(value: "x") }.validationErrors().isEmpty)
  }

  @Test(
    "report each rule of a string by field and reason",
    arguments: [
      Change("required", "REQUIRED") { $0.required = "" },
      Change("required", "REQUIRED") { $0.required = " \t\u{A0}\u{3000}\n" },
      Change("length", "TOO_SHORT") { $0.length = "a" },
      Change("", "") { $0.length = "éé" },
      Change("", "") { $0.length = "ééééé" },
      Change("length", "TOO_LONG") { $0.length = "éééééé" },
      Change("", "") { $0.length = "👩‍👩‍👧" },
      Change("length", "TOO_LONG") { $0.length = "👩‍👩‍👧‍👦" },
      Change("uuid", "FORMAT_UUID") { $0.uuid = "x" },
      Change("email", "FORMAT_EMAIL") { $0.email = "x" },
      Change("e164", "FORMAT_E164") { $0.e164 = "x" },
      Change("language", "FORMAT_LANGUAGE") { $0.language = "x" },
      Change("time_zone", "FORMAT_TIME_ZONE") { $0.timeZone = "x" },
      Change("currency", "FORMAT_CURRENCY") { $0.currency = "x" },
      Change("country", "FORMAT_COUNTRY") { $0.country = "x" },
      Change("slug", "FORMAT_SLUG") { $0.slug = "x" },
      Change("line", "FORMAT_LINE") { $0.line = " x" },
      Change("url", "FORMAT_URL") { $0.url = "x" },
      Change("", "") { $0.pattern = "AB-12" },
      Change("pattern", "PATTERN") { $0.pattern = "AB-" },
      Change("pattern", "PATTERN") { $0.pattern = "xAB" },
      Change("required_optional", "REQUIRED") { $0.requiredOptional = nil },
      Change("required_optional", "REQUIRED") { $0.requiredOptional = "" },
      Change("required_optional", "REQUIRED") { $0.requiredOptional = " " },
      Change("required_optional", "TOO_LONG") { $0.requiredOptional = "abcd" },
      Change("lines", "TOO_FEW_ITEMS") { $0.lines = [] },
      Change("lines", "TOO_MANY_ITEMS") { $0.lines = ["a", "b", "c", "d"] },
      Change("lines[1]", "TOO_SHORT") { $0.lines = ["a", ""] },
      Change("lines[2]", "TOO_LONG") { $0.lines = ["a", "b", "abcde"] },
      Change("lines[0]", "FORMAT_LINE") { $0.lines = ["a\n"] },
      Change("named[k]", "TOO_LONG") { $0.named = ["k": "abcde"] },
      Change("named", "TOO_MANY_ITEMS") { $0.named = ["a": "", "b": "", "c": ""] },
      Change("", "") { $0.output = "not a UUID, and not looked at" }
    ] as [Change<TextRules>])
  func texts(change: Change<TextRules>) {
    var message = Self.text
    change.apply(&message)
    expect(message, change.field, change.reason)
  }

  // MARK: Other values

  private static var values: ValueRules {
    ValueRules.with {
      $0.requiredBool = true
      $0.requiredInt32 = 1
      $0.optionalInt32 = 0
      $0.requiredBytes = [0]
      $0.requiredColor = .red
      $0.numbers = [1]
      $0.bools = [false]
    }
  }

  @Test(
    "report each rule of other values",
    arguments: [
      Change("required_bool", "REQUIRED") { $0.requiredBool = false },
      Change("required_int32", "REQUIRED") { $0.requiredInt32 = 0 },
      Change("required_int32", "TOO_SMALL") { $0.requiredInt32 = -1 },
      Change("", "") { $0.requiredInt32 = 10 },
      Change("required_int32", "TOO_LARGE") { $0.requiredInt32 = 11 },
      Change("", "") { $0.sint64 = -5 },
      Change("sint64", "TOO_SMALL") { $0.sint64 = -6 },
      Change("sint64", "TOO_LARGE") { $0.sint64 = .max },
      Change("uint64", "TOO_LARGE") { $0.uint64 = 8 },
      Change("uint64", "TOO_LARGE") { $0.uint64 = .max },
      Change("", "") { $0.double = 1 },
      Change("double", "TOO_LARGE") { $0.double = 1.0000001 },
      Change("double", "TOO_SMALL") { $0.double = -.leastNonzeroMagnitude },
      Change("double", "TOO_SMALL") { $0.double = .nan },
      Change("float", "TOO_LARGE") { $0.float = .infinity },
      Change("float", "TOO_LARGE") { $0.float = .nan },
      Change("optional_int32", "REQUIRED") { $0.optionalInt32 = nil },
      Change("optional_int32", "TOO_SMALL") { $0.optionalInt32 = -2 },
      Change("bytes", "TOO_SHORT") { $0.bytes = [1] },
      Change("bytes", "TOO_LONG") { $0.bytes = [1, 2, 3, 4, 5] },
      Change("required_bytes", "REQUIRED") { $0.requiredBytes = [] },
      Change("color", "UNDEFINED_VALUE") { $0.color = Color(rawValue: 77) },
      Change("", "") { $0.color = .infrared },
      Change("required_color", "REQUIRED") { $0.requiredColor = .unspecified },
      Change("", "") { $0.requiredColor = Color(rawValue: 77) },
      Change("numbers", "REQUIRED") { $0.numbers = [] },
      Change("numbers[1]", "TOO_SMALL") { $0.numbers = [1, 0] },
      Change("numbers", "TOO_MANY_ITEMS") { $0.numbers = [1, 2, 3, 4] },
      Change("colors[1]", "UNDEFINED_VALUE") { $0.colors = [.red, Color(rawValue: 9)] },
      Change("bools", "TOO_FEW_ITEMS") { $0.bools = [] },
      Change("list[1]", "TOO_LONG") { $0.list = [[1, 2], [1, 2, 3]] },
      Change("text", "REQUIRED") { $0.choice = .text("") },
      Change("text", "TOO_LONG") { $0.choice = .text("abcd") },
      Change("number", "TOO_SMALL") { $0.choice = .number(4) },
      Change("leaf.value", "REQUIRED") { $0.choice = .leaf(Leaf()) }
    ] as [Change<ValueRules>])
  func values(change: Change<ValueRules>) {
    var message = Self.values
    change.apply(&message)
    expect(message, change.field, change.reason)
  }

  // MARK: Messages

  @Test(
    "descend into messages, and say where",
    arguments: [
      Change("required", "REQUIRED") { $0.required = nil },
      Change("required.value", "REQUIRED") { $0.required = Leaf() },
      Change("leaves[1].value", "TOO_LONG") { $0.leaves = [Leaf(value: "a"), Leaf(value: "abcd")] },
      Change("leaves", "TOO_MANY_ITEMS") { $0.leaves = [Leaf(), Leaf(), Leaf()] },
      Change("named[k].value", "REQUIRED") { $0.named = ["k": Leaf()] },
      Change("", "") { $0.unchecked = Leaf() },
      Change("", "") { $0.partial = Branch() },
      Change("", "") { $0.partial = Branch(leaf: Leaf()) },
      Change("partial.leaf.value", "TOO_LONG") { $0.partial = Branch(leaf: Leaf(value: "abcd")) },
      Change("partial.leaves[0].value", "REQUIRED") { $0.partial = Branch(leaves: [Leaf()]) },
      Change("next.next.required", "REQUIRED") {
        $0.next = MessageRules(required: Leaf(value: "x"), next: MessageRules())
      }
    ] as [Change<MessageRules>])
  func messages(change: Change<MessageRules>) {
    var message = MessageRules(required: Leaf(value: "x"))
    change.apply(&message)
    expect(message, change.field, change.reason)
  }

  @Test("say nothing of absence in a partial message")
  func partial() {
    var violations = Violations()
    TextRules().validate(&violations, partial: true)
    ValueRules().validate(&violations, partial: true)
    MessageRules(required: Leaf()).validate(&violations, partial: true)
    Branch().validate(&violations, partial: true)
    #expect(violations.all == [])
  }

  @Test("check deprecated fields too")
  func deprecated() {
    expect(OldRules(oldRule: "abcd"), "old_rule", "TOO_LONG")
  }

  @Test("report what is wrong in the order of the fields")
  func order() {
    let fields = TextRules(uuid: "x", url: "x").validationErrors().map(\.field)
    #expect(fields == ["required", "uuid", "url", "required_optional", "lines"])
  }

  @Test("stop after a number of violations, so that a hostile message is not worth it")
  func limit() {
    let message = ValueRules.with { $0.list = Array(repeating: [1, 2, 3], count: 100_000) }
    #expect(message.validationErrors().count == Violations.limit)
  }

  @Test("never repeat a value")
  func secrecy() {
    let secret = "Str0ngSecret"
    let errors = TextRules(uuid: secret, email: secret, pattern: secret).validationErrors()
    #expect(errors.count >= 3)
    for error in errors { #expect(!error.description.contains(secret)) }
  }

  private func expect(
    _ message: some Message, _ field: String, _ reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let errors = message.validationErrors()
    let expected = reason.isEmpty ? [] : ["\(field) \(reason)"]
    #expect(errors.map { "\($0.field) \($0.reason)" } == expected, sourceLocation: sourceLocation)
    for error in errors {
      #expect(error.description.hasPrefix("must "), sourceLocation: sourceLocation)
    }
  }
}
