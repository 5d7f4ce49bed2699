import ClinicCommands
import Testing

@Suite("Output formats")
struct OutputTests {
  static let reply = """
    {"patients": [
      {"patientId": "0190", "name": {"given": "José", "family": "O'Brien"},
       "birthDate": {"year": 1984, "month": 3, "day": 31}, "tags": ["vip", "late"],
       "identifiers": [{"type": "IDENTIFIER_TYPE_OTHER", "value": "7", "issuer": "x"}]},
      {"patientId": "0191", "name": {"family": "山田"}, "birthDate": {"year": 1990},
       "note": "two\\nlines", "deceased": true, "score": 0.5}
    ], "nextPageToken": ""}
    """

  @Test("YAML keeps names, order and every value")
  func yaml() throws {
    #expect(
      YAMLWriter.document(try JSONValue(parsing: Self.reply)) == """
        patients:
          - patientId: "0190"
            name:
              given: José
              family: O'Brien
            birthDate:
              year: 1984
              month: 3
              day: 31
            tags:
              - vip
              - late
            identifiers:
              - type: IDENTIFIER_TYPE_OTHER
                value: "7"
                issuer: x
          - patientId: "0191"
            name:
              family: 山田
            birthDate:
              year: 1990
            note: "two\\nlines"
            deceased: true
            score: 0.5
        nextPageToken: ""

        """)
  }

  @Test(
    "YAML quotes what a reader would take for something else",
    arguments: [
      "true", "No", "null", "1.5", "-", "a: b", "# x", "", " a", "a ", "~", "2024-01-01", "[a",
      "*a",
      "0x1F", "a\tb"
    ])
  func yamlQuotes(_ text: String) {
    #expect(YAMLWriter.document(.string(text)) == JSONValue.string(text).compactText + "\n")
  }

  @Test("CSV has a column for each value, in the order of appearance")
  func csv() throws {
    let rows = try JSONValue(parsing: Self.reply)["patients"]?.elements ?? []
    #expect(
      CSVWriter.document(rows: rows)
        == [
          "patientId,name.given,name.family,birthDate,tags,identifiers,note,deceased,score",
          "0190,José,O'Brien,1984-03-31,vip; late,"
            + #""[{""type"":""IDENTIFIER_TYPE_OTHER"",""value"":""7"",""issuer"":""x""}]",,,"#,
          "0191,,山田,1990,,,\"two\nlines\",true,0.5", ""
        ].joined(separator: "\r\n"))
  }

  @Test(
    "widths count columns of a terminal",
    arguments: [
      ("abc", 3), ("José", 4), ("Jose\u{301}", 4), ("山田", 4), ("ｱ", 1), ("Ａ", 2), ("한글", 4),
      ("😀", 2), ("👨‍👩‍👧", 2), ("❤\u{FE0F}", 2), ("🇬🇧", 2), ("", 0), ("สวัสดี", 4), ("a\u{200B}b", 2)
    ])
  func widths(_ text: String, _ width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test(
    "cut texts keep within their columns",
    arguments: [
      ("abcdef", 4, "abc…"), ("山田太郎", 5, "山田…"), ("山田", 4, "山田"), ("山田", 3, "山…"), ("x", 0, "")
    ])
  func truncation(_ text: String, _ columns: Int, _ result: String) {
    #expect(DisplayWidth.truncate(text, to: columns) == result)
  }

  @Test("data cannot steer the terminal")
  func controls() {
    #expect(DisplayWidth.printable("a\u{1B}[31mb\nc\u{202E}d") == "a\u{FFFD}[31mb c\u{FFFD}d")
  }

  static let columns = [
    TableColumn("Id", "patientId", isFlexible: false),
    TableColumn("Name") { DisplayText.name($0["name"]) },
    TableColumn("Born", "birthDate", isFlexible: false),
    TableColumn("Score", "score", alignment: .trailing)
  ]

  @Test("a table stands in columns, wide characters too")
  func table() throws {
    let rows = try JSONValue(parsing: Self.reply)["patients"]?.elements ?? []
    let writer = TableWriter(columns: Self.columns, width: nil, isColored: false)
    #expect(
      writer.document(rows) == """
        ID    NAME          BORN        SCORE
        0190  José O'Brien  1984-03-31
        0191  山田          1990          0.5

        """)
  }

  @Test("a table gives way where the terminal is narrow", arguments: [36, 33, 31])
  func narrowTable(_ width: Int) throws {
    let rows = try JSONValue(parsing: Self.reply)["patients"]?.elements ?? []
    let text = TableWriter(columns: Self.columns, width: width, isColored: false).document(rows)
    for line in text.split(separator: "\n") { #expect(DisplayWidth.of(line) <= width) }
    #expect(text.contains("…"))
  }

  @Test("headings are styled on demand")
  func color() {
    let writer = TableWriter(columns: [TableColumn("A", "a")], width: nil, isColored: true)
    #expect(writer.document([]) == "\u{1B}[1mA\u{1B}[0m\n")
  }

  @Test(
    "colour follows the choice, the stream and NO_COLOR",
    arguments: [
      (ColorChoice.auto, true, [:], true), (.auto, false, [:], false),
      (.auto, true, ["NO_COLOR": "1"], false), (.auto, true, ["NO_COLOR": ""], true),
      (.auto, true, ["TERM": "dumb"], false), (.always, false, ["NO_COLOR": "1"], true),
      (.never, true, [:], false)
    ])
  func colorChoice(
    _ choice: ColorChoice, _ isTerminal: Bool, _ variables: [String: String], _ enabled: Bool
  ) {
    #expect(choice.isEnabled(isTerminal: isTerminal, variables: variables) == enabled)
  }

  @Test("a record shows one value on a line")
  func record() throws {
    let value = try JSONValue(parsing: Self.reply)["patients"]?.elements[0] ?? .null
    #expect(
      RecordWriter(isColored: false).document(value)
        == """
        patientId             0190
        name.given            José
        name.family           O'Brien
        birthDate             1984-03-31
        tags                  vip, late
        identifiers[0].type   other
        identifiers[0].value  7
        identifiers[0].issuer  x

        """.replacingColumns())
  }

  @Test(
    "values read like words",
    arguments: [
      ("\"PATIENT_STATE_ACTIVE\"", "active"), ("\"MATCH_REASON_SIMILAR_NAME\"", "similar name"),
      ("\"SEX_Smith\"", "SEX_Smith"), ("\"2026-01-02T03:04:05.678Z\"", "2026-01-02 03:04Z"),
      ("{\"year\":1984,\"month\":3}", "1984-03"), ("[1,2]", "1, 2"), ("null", "")
    ])
  func words(_ json: String, _ text: String) throws {
    #expect(DisplayText.of(try JSONValue(parsing: json)) == text)
  }
}

extension String {
  /// The text with the second column of every line moved to the place it has on the widest line.
  fileprivate func replacingColumns() -> String {
    let lines = split(separator: "\n", omittingEmptySubsequences: false).map {
      line -> (String, String) in
      guard let end = line.firstIndex(of: " ") else { return (String(line), "") }
      return (String(line[..<end]), String(line[end...].drop { $0 == " " }))
    }
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { name, value in
      name.isEmpty ? "" : name + String(repeating: " ", count: width - name.count + 2) + value
    }.joined(separator: "\n")
  }
}
