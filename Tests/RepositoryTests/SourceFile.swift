import Foundation

/// A Swift file: its lines as they are, and as code without comments and the texts of literals.
struct SourceFile: Sendable {
  /// The path from the repository's folder.
  let path: String
  /// The text as it is.
  let text: String
  /// The lines as they are.
  let lines: [Substring]
  /// The same lines, with blanks where comments and literals were.
  let code: [Substring]

  init(path: String, text: String) {
    self.path = path
    self.text = text
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    code = CodeMask.code(of: text).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The target that the file belongs to: `Sources/NAME/…` or `Tests/NAME/…`.
  var target: String {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : ""
  }

  /// Whether a program wrote the file.
  var isGenerated: Bool {
    path.hasSuffix(".pb.swift") || path.contains("/Generated/")
      || path.hasPrefix("Sources/ClinicContracts/") || path.hasPrefix("Tests/FixtureContracts/")
      || path.contains("/Goldens/")
  }

  /// Whether one of the words occurs anywhere: a quick look before a closer one.
  func mentions(_ words: String...) -> Bool {
    words.contains { strstr(text, $0) != nil }
  }

  /// `path:line` of the lines of code that match.
  func places(matching pattern: some RegexComponent) -> [String] {
    code.indices.filter { code[$0].contains(pattern) }.map { "\(path):\($0 + 1)" }
  }

  /// The modules that the file imports, with the lines.
  var imports: [(module: String, line: Int)] {
    let pattern =
      #/
      ^(?:@[A-Za-z_]+(?:\([A-Za-z]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?
      import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(?<module>[A-Za-z_0-9]+)
      /#
    let starts = Set("@ipf".utf8)
    return code.indices.compactMap { index in
      guard let start = code[index].utf8.first, starts.contains(start) else { return nil }
      return code[index].firstMatch(of: pattern).map { (String($0.output.module), index + 1) }
    }
  }

  /// The comment on a line or right above it: the lines between may be of the same declaration.
  func comment(at index: Int) -> String? {
    var result: [Substring] = []
    if let own = Self.comment(in: lines[index]) { result.append(own) }
    var above = index - 1
    // The attributes and first lines of a declaration that takes several.
    while above >= 0, index - above <= 4, Self.comment(in: lines[above]) == nil,
      !code[above].allSatisfy(\.isWhitespace), !code[above].contains("}")
    {
      above -= 1
    }
    while above >= 0, lines[above].drop(while: \.isWhitespace).hasPrefix("//") {
      result.append(lines[above])
      above -= 1
    }
    return result.isEmpty ? nil : result.reversed().joined(separator: "\n")
  }

  private static func comment(in line: Substring) -> Substring? {
    line.firstRange(of: "//").map { line[$0.lowerBound...] }
  }
}
