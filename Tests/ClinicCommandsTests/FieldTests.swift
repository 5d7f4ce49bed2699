import ClinicCommands
import Testing

@Suite("Values from command lines and files")
struct FieldTests {
  static let reader = ValueReader()

  static func json(_ path: String, _ text: String, reader: ValueReader = reader) throws -> String {
    let path = try FieldPath(path).resolved(in: PatientSchema.patient)
    return try reader.json(text, for: path).compactText
  }

  @Test(
    "are read as the field says",
    arguments: [
      ("name.family", "O'Brien", "\"O'Brien\""), ("name.family", "007", "\"007\""),
      ("deceased", "Yes", "true"), ("deceased", "0", "false"),
      ("sex", "SEX_FEMALE", "\"SEX_FEMALE\""), ("sex", "female", "\"SEX_FEMALE\""),
      ("sex", "F", "\"SEX_FEMALE\""), ("sex", "m", "\"SEX_MALE\""), ("sex", "1", "1"),
      ("birth_date", "1984-03-31", #"{"year":1984,"month":3,"day":31}"#),
      ("birthDate", "1984-03", #"{"year":1984,"month":3}"#),
      ("birth_date", "1984", #"{"year":1984}"#),
      ("birth_date", "2000-02-29T00:00:00Z", #"{"year":2000,"month":2,"day":29}"#),
      ("birth_date", #"{"year": 1984}"#, #"{"year":1984}"#),
      ("tags", "a; b ;c", #"["a","b","c"]"#), ("tags", #"["x;y"]"#, #"["x;y"]"#),
      ("tags", "", "[]"), ("name", "Jane Roe", #"{"text":"Jane Roe"}"#),
      ("consents[0].decide_time", "2026-01-02", "\"2026-01-02T00:00:00Z\"")
    ])
  func values(_ path: String, _ text: String, _ expected: String) throws {
    #expect(try Self.json(path, text) == expected)
  }

  @Test(
    "are refused with the field and the rule",
    arguments: [
      ("deceased", "perhaps", "BOOLEAN"), ("sex", "x", "ENUM"), ("sex", "", "ENUM"),
      ("birth_date", "31/03/1984", "DATE"), ("birth_date", "1983-02-29", "DATE"),
      ("birth_date", "1984-13-01", "DATE"), ("tags", "[oops", "JSON"),
      ("addresses[0]", "Main Street", "JSON"), ("birth_date", "{", "JSON")
    ])
  func refusals(_ path: String, _ text: String, _ reason: String) throws {
    let error = #expect(throws: FieldProblem.self) { try Self.json(path, text) }
    #expect(error?.reason == reason)
    #expect(error?.field == (path == "sex" || path == "deceased" ? path : error?.field))
  }

  @Test(
    "dates follow a pattern",
    arguments: [
      ("DD/MM/YYYY", "31/03/1984", "1984-03-31"), ("D.M.YYYY", "3.4.1984", "1984-04-03"),
      ("MM/DD/YYYY", "03/31/1984", "1984-03-31"), ("YYYYMMDD", "19840331", "1984-03-31"),
      ("DD MMM YYYY", "31 March 1984", "1984-03-31"), ("DD-MMM-YY", "31-Mar-84", "1984-03-31"),
      ("DD/MM/YY", "01/02/24", "2024-02-01"), ("MM/YYYY", "03/1984", "1984-03")
    ])
  func dates(_ pattern: String, _ text: String, _ date: String) throws {
    let format = try #require(DateFormat(pattern))
    let parts = try #require(format.date(text))
    #expect(
      DateText.text(ofDate: DateText.json(year: parts.year, month: parts.month, day: parts.day))
        == date)
  }

  @Test(
    "dates that do not follow the pattern, or do not exist, are none",
    arguments: [
      ("DD/MM/YYYY", "31/02/1984"), ("DD/MM/YYYY", "03/31/1984"), ("DD/MM/YYYY", "1984-03-31"),
      ("YYYYMMDD", "1984031"), ("DD MMM YYYY", "31 Foo 1984"), ("DD/MM/YYYY", "31/03/1984 x"),
      ("DD/MM/YYYY", "00/03/1984"), ("DD/MM/YYYY", "29/02/1900")
    ])
  func noDates(_ pattern: String, _ text: String) throws {
    #expect(try #require(DateFormat(pattern)).date(text) == nil)
  }

  @Test(
    "patterns need a year and make sense",
    arguments: ["DD/MM", "YYY", "DDDD", "", "YYYY-YY", "DD/YYYY"])
  func noPatterns(_ pattern: String) {
    #expect(DateFormat(pattern) == nil)
  }

  @Test("paths lead to fields, in both spellings")
  func paths() throws {
    let path = try FieldPath("contactPoints[1].value").resolved(in: PatientSchema.patient)
    #expect(path.text == "contact_points[1].value")
    #expect(path.maskPath == "contact_points")
    #expect(
      try FieldPath("name.family").resolved(in: PatientSchema.patient).maskPath == "name.family")
  }

  @Test(
    "paths that lead nowhere are refused with a hint",
    arguments: [
      ("name.famly", "did you mean 'family'?"), ("brith_date", "did you mean 'birth_date'?"),
      ("identifiers.value", nil), ("name[0]", nil), ("record_number.x", nil)
    ] as [(String, String?)])
  func wrongPaths(_ text: String, _ hint: String?) {
    let error = #expect(throws: CommandFailure.self) {
      try FieldPath(text).resolved(in: PatientSchema.patient)
    }
    #expect(error?.status == .usage)
    if let hint { #expect(error?.hint == hint) }
  }

  @Test(
    "texts that are no paths are refused",
    arguments: ["", ".", "a..b", "a[", "a[x]", "a[-1]", "a b", "a[1000]"])
  func noPaths(_ text: String) {
    #expect(throws: CommandFailure.self) { try FieldPath(text) }
  }

  @Test("a draft keeps its mask and leaves out gaps of lists")
  func draft() throws {
    var draft = MessageDraft(schema: PatientSchema.patient)
    for (path, text) in [
      ("name.family", "Roe"), ("identifiers[2].value", "7"), ("identifiers[2].type", "passport"),
      ("marital_status", ""), ("name.family", "Doe")
    ] {
      try draft.set(
        FieldPath(path).resolved(in: PatientSchema.patient), to: text, reader: Self.reader)
    }
    #expect(
      draft.finished.compactText
        == #"{"name":{"family":"Doe"},"#
        + #""identifiers":[{"value":"7","type":"IDENTIFIER_TYPE_PASSPORT"}]}"#
    )
    #expect(draft.maskPaths == ["name.family", "identifiers", "marital_status"])
  }
}

@Suite("Suggestions")
struct SuggestionsTests {
  static let commands = [
    "patient", "staff", "role", "company", "session", "call", "describe", "login"
  ]

  @Test(
    "find what was meant",
    arguments: [
      ("patiant", "patient"), ("pateint", "patient"), ("patients", "patient"), ("pat", "patient"),
      ("staf", "staff"), ("desc", "describe"), ("lgoin", "login"), ("roel", "role"),
      ("Session", "session")
    ])
  func nearest(_ word: String, _ expected: String) {
    #expect(Suggestions.nearest(to: word, among: Self.commands) == expected)
  }

  @Test("say nothing where nothing is near", arguments: ["", "x", "invoice", "zzzzzz", "--help"])
  func nothing(_ word: String) {
    #expect(Suggestions.nearest(to: word, among: Self.commands) == nil)
  }
}
