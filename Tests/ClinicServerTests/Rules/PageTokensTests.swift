import FoundationEssentials
import Testing

@testable import ClinicServer

@Suite("Page tokens")
struct PageTokensTests {
  let tokens = PageTokens(key: Array(0..<32))
  let company = UUIDv7.make()
  let method = "clinic.v1.PatientService/ListPatients"
  let filter: [UInt8] = [1, 2, 3]
  let cursor = PageCursor([
    .text("o’brien\u{1}siobhán"), .integer(-42), .uuid(UUIDv7.make()), .null, .text(""),
    .integer(.max), .integer(.min)
  ])

  private func seal() -> String {
    tokens.seal(cursor, companyID: company, method: method, filter: filter)
  }

  @Test("come back as the cursor for the same clinic, method and filter")
  func roundTrip() throws {
    let read = try tokens.open(seal(), companyID: company, method: method, filter: filter)
    #expect(read == cursor)
    #expect(read.text(0) == "o’brien\u{1}siobhán")
    #expect(read.integer(1) == -42)
    #expect(read.uuid(2) != nil)
    #expect(read.text(1) == nil && read.integer(0) == nil && read.uuid(99) == nil)
    let empty = tokens.seal(PageCursor([]), companyID: company, method: method, filter: [])
    #expect(try tokens.open(empty, companyID: company, method: method, filter: []).values.isEmpty)
  }

  @Test("cannot be moved to another clinic, method, filter or key")
  func isBound() {
    let text = seal()
    let foreign: [(PageTokens, UUID, String, [UInt8])] = [
      (tokens, UUIDv7.make(), method, filter), (tokens, company, method + "2", filter),
      (tokens, company, String(method.dropLast()), filter), (tokens, company, method, [1, 2]),
      (tokens, company, method, []), (PageTokens(key: Array(1..<33)), company, method, filter)
    ]
    for (tokens, company, method, filter) in foreign {
      #expect(throws: PageTokenError.foreign) {
        try tokens.open(text, companyID: company, method: method, filter: filter)
      }
    }
  }

  @Test("are refused with any one character changed, cut or added")
  func tampering() {
    let text = seal()
    for index in text.indices {
      var changed = text
      changed.replaceSubrange(index...index, with: text[index] == "A" ? "B" : "A")
      #expect(throws: PageTokenError.self) {
        try tokens.open(changed, companyID: company, method: method, filter: filter)
      }
    }
    for changed in ["", "A", "AQ", String(text.dropLast()), text + "A", text + "AA", "nonsense!"] {
      #expect(throws: PageTokenError.self) {
        try tokens.open(changed, companyID: company, method: method, filter: filter)
      }
    }
  }

  @Test("show nothing of what they hold, and differ each time")
  func isOpaque() throws {
    let name = PageCursor([.text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")])
    let token = tokens.seal(name, companyID: company, method: method, filter: filter)
    let bytes = try #require(OpaqueToken.decode(token))
    #expect(!String(decoding: bytes, as: UTF8.self).contains("aaaa"))
    #expect(tokens.seal(name, companyID: company, method: method, filter: filter) != token)
  }

  @Test("fit into a page_token with the longest sort key")
  func length() {
    let key = NameFolding.sortKey(family: String(repeating: "王", count: 150), given: "x")
    let cursor = PageCursor([.text(key), .uuid(UUIDv7.make())])
    let token = tokens.seal(cursor, companyID: company, method: method, filter: filter)
    #expect(token.utf8.count <= 1024)
  }

  @Test("hold cursors that are read whole or not at all")
  func cursorBytes() {
    let bytes = cursor.bytes
    #expect(PageCursor(bytes: bytes) == cursor)
    #expect(PageCursor(bytes: [4]) == nil)
    #expect(PageCursor(bytes: [1, 0, 1, 0xFF]) == nil)
    for count in bytes.indices {
      if let read = PageCursor(bytes: Array(bytes.prefix(count))) {
        #expect(read.values == Array(cursor.values.prefix(read.values.count)))
      }
    }
  }
}
