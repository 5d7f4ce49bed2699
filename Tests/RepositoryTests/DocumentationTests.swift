import Testing

@Suite("Documentation comments")
struct DocumentationTests {
  /// Targets that others build on.
  static let libraries: Set<String> = [
    "ProtobufRuntime", "RPCCore", "RPCTransport", "PostgresClient", "ClinicClient", "ClinicServer"
  ]

  /// What a protocol of the standard library asks for says nothing new.
  static let witnesses = [
    "var description", "var debugDescription", "var rawValue", "init(rawValue", "func hash(",
    "func == ", "func < ", "func makeAsyncIterator(", "func next(", "Literal value",
    "typealias Element", "typealias AsyncIterator", "typealias Failure", "typealias RawValue"
  ]

  @Test("every public declaration of a library is explained", arguments: libraries.sorted())
  func documented(library: String) {
    let missing = Repository.handWritten
      .filter { $0.path.hasPrefix("Sources/\(library)/") && $0.mentions("public ") }
      .flatMap(Self.undocumented)
    #expect(missing == [])
  }

  /// `path:line` of the public declarations without a comment.
  ///
  /// A comment covers the declarations that follow it line by line. What an extension declares for
  /// a conformance is explained where the protocol is.
  static func undocumented(in file: SourceFile) -> [String] {
    var isConformance = false
    var result: [String] = []
    for (index, line) in file.code.enumerated() {
      if line.first?.isLetter == true || line.first == "@" {
        isConformance = line.contains(#/^(public )?extension [^:{]+:/#)
      }
      if !isConformance, isPublic(line), !witnesses.contains(where: line.contains),
        !isCovered(index, in: file)
      {
        result.append("\(file.path):\(index + 1)")
      }
    }
    return result
  }

  private static func isPublic(_ line: Substring) -> Bool {
    let text = line.drop(while: \.isWhitespace)
    guard text.utf8.first == UInt8(ascii: "p") || text.utf8.first == UInt8(ascii: "@") else {
      return false
    }
    return text.contains(
      #/^(@\w+(\([^)]*\))?\s+)*public\s+(?!import\b|extension\b|internal\(set\)\s*$)/#)
  }

  private static func isCovered(_ index: Int, in file: SourceFile) -> Bool {
    var above = index - 1
    while above >= 0 {
      let line = file.lines[above].drop(while: \.isWhitespace)
      if line.hasPrefix("///") || line.hasPrefix("*/") { return true }
      guard line.hasPrefix("@") || line.hasPrefix("// ") || isPublic(file.code[above]) else {
        return false
      }
      above -= 1
    }
    return false
  }
}
