import Foundation
import Testing

/// Partners branch on the reasons of errors: Proto/REASONS.md has all of them, and no others.
@Suite("The table of reasons")
struct ReasonTests {
  @Test("has every reason that the sources give")
  func complete() throws {
    let table = try Self.table()
    var checked = 0
    for file in Self.files {
      for (line, reason) in Self.reasons(in: file) {
        #expect(table[reason] != nil, "\(file.path):\(line): \(reason) is not in Proto/REASONS.md")
        checked += 1
      }
    }
    #expect(checked >= 150)
  }

  @Test("has no reason that the sources do not give")
  func current() throws {
    let texts = Self.files.map(\.text).joined()
    for reason in try Self.table().keys.sorted() {
      #expect(texts.contains("\"\(reason)\""), "Nothing gives \(reason)")
    }
  }

  @Test("names a code of gRPC's for each reason")
  func codes() throws {
    let codes = try Repository.text("Proto/clinic/rpc/v1/status.proto")
    for (reason, code) in try Self.table() {
      #expect(codes.contains("CODE_\(code) = "), "\(reason): \(code)")
    }
  }

  @Test("comes with the partner kit, and the guide names it")
  func published() throws {
    #expect(try Repository.text("Proto/README.md").contains("](REASONS.md)"))
    #expect(try Repository.text("Scripts/partner-kit").contains(" REASONS.md "))
  }

  /// The code of each reason, as the tables' rows have them.
  private static func table() throws -> [String: String] {
    var found: [String: String] = [:]
    for line in try Repository.text("Proto/REASONS.md").split(separator: "\n")
    where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let code = cells[1].trimmingCharacters(in: ["`"])
      for match in cells[0].matches(of: #/`([A-Z0-9_]+)`/#) { found[String(match.1)] = code }
    }
    return found
  }

  /// What makes the errors of a server.
  private static let files = Repository.handWrittenSources.filter {
    ["ClinicServer", "ProtobufRuntime", "RPCCore", "RPCTransport", "StandardServices"]
      .contains($0.target)
  }

  /// The literals that are reasons: those in a line that speaks of a reason or of a precondition's
  /// type, and the raw values of enums that are spelled so.
  private static func reasons(in file: SourceFile) -> [(line: Int, reason: String)] {
    var found: [(Int, String)] = []
    for (index, line) in file.lines.enumerated() {
      let speaks = file.code[index].contains(#/[rR]eason|\btype: /#)
      let isCase = line.contains(#/^ *case \w+ = "[A-Z0-9]+_[A-Z0-9_]+"/#)
      guard speaks || isCase else { continue }
      for match in line.matches(of: #/"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"/#) {
        found.append((index + 1, String(match.1)))
      }
    }
    return found
  }
}
