import ClinicCommands
import Testing

@Suite("JSON values")
struct JSONValueTests {
  @Test(
    "print what they read",
    arguments: [
      "null", "true", "-0.5e+10", "\"a\\\"\\\\\\n\"", "[]", "{}", "[1,[2,{\"a\":3}]]",
      "{\"z\":1,\"a\":2}", "123456789012345678901234567890", "\"é山😀\""
    ])
  func roundTrip(_ text: String) throws {
    #expect(try JSONValue(parsing: text).compactText == text)
  }

  @Test("read escapes and surrogate pairs")
  func escapes() throws {
    #expect(try JSONValue(parsing: #""\u00e9\ud83d\ude00\/\b""#) == .string("é😀/\u{8}"))
  }

  @Test(
    "refuse what is not JSON",
    arguments: [
      "", "{", "[1,]", "{\"a\" 1}", "01", "1.", "+1", "tru", "\"a", "\"\u{1}\"", "'a'", "1 2",
      #""\ud83d""#, #""\x""#, "nan"
    ])
  func refusals(_ text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
  }

  @Test("refuse deep nesting instead of overflowing the stack")
  func depth() {
    #expect(throws: JSONSyntaxError.self) {
      try JSONValue(parsing: String(repeating: "[", count: 100_000))
    }
  }

  @Test("name the line of a mistake")
  func line() {
    #expect(throws: JSONSyntaxError(message: "a JSON value was expected", line: 3)) {
      try JSONValue(parsing: "{\n \"a\":\n oops}")
    }
  }

  @Test("are indented by two blanks")
  func pretty() throws {
    let value = try JSONValue(parsing: #"{"a":[1,{"b":null}],"c":{},"d":[]}"#)
    #expect(
      value.prettyText == """
        {
          "a": [
            1,
            {
              "b": null
            }
          ],
          "c": {},
          "d": []
        }
        """)
  }
}
