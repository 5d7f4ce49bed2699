import Testing

@Suite("Source file")
struct SourceFileTests {
  private static let file = SourceFile(
    path: "Sources/Some/File.swift",
    text: """
      internal import NIOCore
      @testable import struct Foundation.URL
      // import Commented

      /// `@unchecked Sendable`: never changed.
      @frozen
      final class Box<Value>:
        @unchecked Sendable {
        var task = Task { "import Text" }

        // The actor's own, ended by `close`.
        let second = Task { 1 }
      }
      """)

  @Test("knows its target and imports")
  func imports() {
    #expect(Self.file.target == "Some")
    #expect(Self.file.imports.map(\.module) == ["NIOCore", "Foundation"])
    #expect(Self.file.imports.map(\.line) == [1, 2])
  }

  @Test("finds the comment of a declaration over several lines")
  func comments() {
    #expect(Self.file.comment(at: 7) == "/// `@unchecked Sendable`: never changed.")
    #expect(Self.file.comment(at: 11)?.contains("ended by") == true)
  }

  @Test("finds no comment where there is none")
  func noComment() {
    let file = SourceFile(path: "a/b/c.swift", text: "// one\n\nlet a = 1\nvar t = Task { 2 }")
    #expect(file.comment(at: 3) == nil)
  }
}
