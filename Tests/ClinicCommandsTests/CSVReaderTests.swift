import ClinicCommands
import Testing

@Suite("CSV reader")
struct CSVReaderTests {
  /// A file, and what the reader makes of it.
  struct Example: Sendable, CustomTestStringConvertible {
    var name: String
    var text: [UInt8]
    var records: [CSVRecord]

    init(_ name: String, _ text: String, _ records: [CSVRecord]) {
      self.init(name, bytes: Array(text.utf8), records)
    }

    init(_ name: String, bytes: [UInt8], _ records: [CSVRecord]) {
      self.name = name
      self.text = bytes
      self.records = records
    }

    var testDescription: String { name }
  }

  static let examples = [
    Example("an empty file", "", []),
    Example("only a line end", "\n", []),
    Example("a row without a line end", "a,b", [.row(line: 1, fields: ["a", "b"])]),
    Example(
      "LF, CRLF and CR", "a\nb\r\nc\rd",
      [
        .row(line: 1, fields: ["a"]), .row(line: 2, fields: ["b"]), .row(line: 3, fields: ["c"]),
        .row(line: 4, fields: ["d"])
      ]),
    Example(
      "blank lines", "a\n\n\r\nb\n",
      [.row(line: 1, fields: ["a"]), .row(line: 4, fields: ["b"])]),
    Example("empty fields", ",,\n", [.row(line: 1, fields: ["", "", ""])]),
    Example("quoted empty field", "\"\"\n", [.row(line: 1, fields: [""])]),
    Example(
      "quoted empty field at the end of the file", "a,\"\"", [.row(line: 1, fields: ["a", ""])]),
    Example(
      "doubled quotes", "\"say \"\"hi\"\"\",x\n", [.row(line: 1, fields: ["say \"hi\"", "x"])]),
    Example(
      "a quoted field at the end of the file", "a,\"b\"", [.row(line: 1, fields: ["a", "b"])]),
    Example(
      "a doubled quote at the end of the file", "\"a\"\"\"", [.row(line: 1, fields: ["a\""])]),
    Example(
      "line breaks in a field", "\"one\ntwo\r\nthree\",x\nnext\n",
      [.row(line: 1, fields: ["one\ntwo\r\nthree", "x"]), .row(line: 4, fields: ["next"])]),
    Example(
      "delimiters in a field", "\"a,b\",c\n", [.row(line: 1, fields: ["a,b", "c"])]),
    Example("a byte order mark", "\u{FEFF}a,b\n", [.row(line: 1, fields: ["a", "b"])]),
    Example(
      "accents and CJK", "José Emilio366,山田\n",
      [.row(line: 1, fields: ["José Emilio366", "山田"])]),
    Example(
      "text after a quote", "\"a\"b,c\nd,e\n",
      [.malformed(line: 1, .textAfterQuote), .row(line: 2, fields: ["d", "e"])]),
    Example(
      "a bare quote", "5\" pipe,c\nd,e\n",
      [.malformed(line: 1, .bareQuote), .row(line: 2, fields: ["d", "e"])]),
    Example(
      "an unclosed quote takes no other row with it", "a,\"b\nc,d\ne,f\n",
      [
        .malformed(line: 1, .unclosedQuote), .row(line: 2, fields: ["c", "d"]),
        .row(line: 3, fields: ["e", "f"])
      ]),
    Example(
      "an unclosed quote on the last line", "a\n\"b",
      [
        .row(line: 1, fields: ["a"]), .malformed(line: 2, .unclosedQuote)
      ]),
    Example("a lone quote", "\"", [.malformed(line: 1, .unclosedQuote)]),
    Example("three quotes", "\"\"\"", [.malformed(line: 1, .unclosedQuote)]),
    Example(
      "bytes that are not UTF-8", bytes: Array("a\nJos".utf8) + [0xE9] + Array(",x\nb\n".utf8),
      [
        .row(line: 1, fields: ["a"]), .malformed(line: 2, .notUTF8(byte: 0xE9)),
        .row(line: 3, fields: ["b"])
      ]),
    Example(
      "bytes that are not UTF-8 behind a line break in a field",
      bytes: Array("\"a\nb\",".utf8) + [0xFF] + Array("\nc,d\n".utf8),
      [.malformed(line: 2, .notUTF8(byte: 0xFF)), .row(line: 3, fields: ["c", "d"])]),
    Example(
      "an embedded NUL", bytes: [0x61, 0, 0x62, 0x0A], [.row(line: 1, fields: ["a\0b"])])
  ]

  /// Reads `bytes` that arrive in pieces of `size`.
  static func read(
    _ bytes: [UInt8], pieces size: Int, delimiter: UInt8 = UInt8(ascii: ","),
    limit: Int = CSVReader.maximumRowLength
  ) throws -> [CSVRecord] {
    var rest = bytes[...]
    var reader = CSVReader(delimiter: delimiter, limit: limit) {
      defer { rest = rest.dropFirst(size) }
      return Array(rest.prefix(size))
    }
    var records: [CSVRecord] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  @Test("reads rows and problems, however the bytes arrive", arguments: examples)
  func reading(_ example: Example) throws {
    for size in 1...max(1, example.text.count) {
      #expect(try Self.read(example.text, pieces: size) == example.records, "pieces of \(size)")
    }
  }

  @Test("reads the same rows for every split of a file into two")
  func splits() throws {
    let text = Array("\u{FEFF}Id,\"Na\"\"me\"\r\n1,\"é\r\n,\"\r\n\r\n2,\"山\"\n".utf8)
    let whole = try Self.read(text, pieces: text.count)
    #expect(whole.count == 3)
    for split in 0...text.count {
      var parts = [Array(text[..<split]), Array(text[split...])].filter { !$0.isEmpty }
      var reader = CSVReader { parts.isEmpty ? [] : parts.removeFirst() }
      var records: [CSVRecord] = []
      while let record = try reader.next() { records.append(record) }
      #expect(records == whole, "split at \(split)")
    }
  }

  @Test("reads other delimiters", arguments: [";", "\t", "|"])
  func delimiters(_ delimiter: String) throws {
    let text = Array("a\(delimiter)\"b\(delimiter),\"\n".utf8)
    #expect(
      try Self.read(text, pieces: 3, delimiter: Array(delimiter.utf8)[0])
        == [.row(line: 1, fields: ["a", "b\(delimiter),"])])
  }

  @Test("refuses a row that is too long and keeps its neighbours", arguments: [1, 7, 1000])
  func overlong(_ pieces: Int) throws {
    let text = Array(("ok\n" + String(repeating: "x", count: 300) + ",y\r\nafter\n").utf8)
    #expect(
      try Self.read(text, pieces: pieces, limit: 100) == [
        .row(line: 1, fields: ["ok"]), .malformed(line: 2, .tooLong(limit: 100)),
        .row(line: 3, fields: ["after"])
      ])
  }

  @Test("gives up on an unclosed quote at the limit and goes on with the next line")
  func overlongQuote() throws {
    let rows = (1...50).map { "row\($0)" }
    let text = Array(("\"open\n" + rows.joined(separator: "\n") + "\n").utf8)
    let records = try Self.read(text, pieces: 11, limit: 100)
    #expect(records.first == .malformed(line: 1, .unclosedQuote))
    #expect(
      records.dropFirst()
        == rows.enumerated().map { .row(line: $0.offset + 2, fields: [$0.element]) }[...])
  }

  @Test("keeps no more than a piece and a row in memory")
  func memory() throws {
    var produced = 0
    var reader = CSVReader {
      produced += 1
      return produced > 2000 ? [] : Array("some,row,of,text\n".utf8)
    }
    var rows = 0
    while try reader.next() != nil {
      rows += 1
      // The reader does not run ahead of its caller.
      #expect(produced <= rows + 1)
    }
    #expect(rows == 2000)
  }

  @Test(
    "tells UTF-16 apart", arguments: [[0xFF, 0xFE, 0x41, 0], [0xFE, 0xFF, 0, 0x41]] as [[UInt8]])
  func utf16(_ bytes: [UInt8]) {
    #expect(throws: CSVFileError.utf16) { try Self.read(bytes, pieces: 1) }
  }

  @Test(
    "takes the delimiter from the header",
    arguments: [
      ("Id,Name\n", ","), ("Id;Name\n", ";"), ("Id\tName", "\t"), ("Name", ","),
      ("\"a,b,c\";Name", ";"), ("Id|Name", "|")
    ])
  func dialect(_ header: String, _ delimiter: String) {
    #expect(CSVDialect.delimiter(ofHeader: header.utf8) == Array(delimiter.utf8)[0])
  }

  @Test("reads back what the writer writes")
  func roundTrip() throws {
    let rows = [
      ["a", "b,c", "d\"e"], ["", " blank ", "line\nbreak"], ["José", "\r\n", "x;y"]
    ]
    let text = rows.map(CSVWriter.row).joined()
    let records = try Self.read(Array(text.utf8), pieces: 5)
    let fields = records.map { record -> [String] in
      if case .row(_, let fields) = record { fields } else { [] }
    }
    #expect(fields == rows)
  }
}
