import Testing

@Suite("What the compiler cannot check")
struct ProofTests {
  @Test("@unchecked Sendable and nonisolated(unsafe) say why they are safe")
  func unchecked() {
    for file in Repository.handWrittenSources where file.mentions("@unchecked", "(unsafe)") {
      #expect(Self.unexplained(in: file, #/@unchecked\s+Sendable|nonisolated\(unsafe\)/#) == [])
    }
  }

  @Test("a task without a parent says why")
  func tasks() {
    for file in Repository.handWrittenSources where file.mentions("Task") {
      #expect(Self.unexplained(in: file, #/\bTask(\.detached)?\s*(\{|\()/#) == [])
    }
  }

  /// The places that match and have no comment on their line or right above.
  private static func unexplained(in file: SourceFile, _ pattern: some RegexComponent) -> [String] {
    file.code.indices
      .filter { file.code[$0].contains(pattern) && file.comment(at: $0) == nil }
      .map { "\(file.path):\($0 + 1)" }
  }
}
