import Testing

@Suite("Form of the sources")
struct FormTests {
  /// The most lines of a file that is written by hand.
  static let lineLimit = 600

  /// Files that may be longer, each with its reason.
  static let longerFiles: [String: String] = [:]

  @Test("the rules find the sources")
  func files() {
    #expect(Repository.handWrittenSources.count > 100)
    #expect(Repository.sources.contains { $0.isGenerated })
  }

  @Test("no file is longer than it can be read")
  func sizes() {
    let long = Repository.handWritten.filter {
      $0.lines.count > Self.lineLimit && Self.longerFiles[$0.path] == nil
    }
    #expect(long.map { "\($0.path): \($0.lines.count) lines" } == [])
  }

  @Test("the list of longer files names only files that are")
  func exceptions() {
    let long = Set(Repository.handWritten.filter { $0.lines.count > Self.lineLimit }.map(\.path))
    #expect(Self.longerFiles.keys.filter { !long.contains($0) } == [])
  }

  @Test("sources end a process nowhere and are finished")
  func forbidden() {
    let unfinished = #/\b(TODO|FIXME|XXX|HACK)\b/#
    for file in Repository.handWrittenSources {
      if file.mentions("try!", "as!", "fatalError") {
        #expect(file.places(matching: #/\btry!|\bas!|\bfatalError\b/#) == [])
      }
      guard file.mentions("TODO", "FIXME", "XXX", "HACK") else { continue }
      let marks = file.lines.indices.filter { file.lines[$0].contains(unfinished) }
      #expect(marks.map { "\(file.path):\($0 + 1)" } == [])
    }
  }

  @Test("a test is not turned off without a word")
  func disabledTests() {
    for file in Repository.handWritten where file.mentions(".disabled(") {
      #expect(file.places(matching: #/\.disabled\(\s*\)/#) == [])
    }
  }
}
