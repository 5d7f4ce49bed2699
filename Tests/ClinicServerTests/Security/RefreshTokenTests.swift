import FoundationEssentials
import Testing

@testable import ClinicServer

@Suite("Refresh tokens")
struct RefreshTokenTests {
  let token = RefreshToken(companyID: UUIDv7.make(), sessionID: UUIDv7.make())

  @Test("come back whole from their text")
  func roundTrip() throws {
    let read = try #require(RefreshToken(text: token.text))
    #expect(read == token)
    #expect(read.hash == token.hash)
    #expect(token.text.hasPrefix("crt1_"))
    #expect(token.text.utf8.count == 139)
    #expect(token.hash.count == 32)
  }

  @Test("match their own hash only")
  func matching() {
    #expect(token.matches(hash: token.hash))
    let other = RefreshToken(companyID: token.companyID, sessionID: token.sessionID)
    #expect(!token.matches(hash: other.hash))
    #expect(!token.matches(hash: []))
    #expect(!token.matches(hash: token.hash + [0]))
  }

  @Test("are followed by one of the same session with another secret")
  func successors() {
    let next = token.successor()
    #expect(next.companyID == token.companyID)
    #expect(next.sessionID == token.sessionID)
    #expect(next.generation == 2)
    #expect(!next.matches(hash: token.hash))
    #expect(next.isOfFamily(hash: token.familyHash))
    let other = RefreshToken(companyID: token.companyID, sessionID: token.sessionID)
    #expect(!other.isOfFamily(hash: token.familyHash))
    #expect(!other.isOfFamily(hash: nil))
  }

  @Test("change their hash with any character, or are not read")
  func tampering() {
    let text = token.text
    for index in text.indices {
      var changed = text
      changed.replaceSubrange(index...index, with: text[index] == "A" ? "B" : "A")
      if let read = RefreshToken(text: changed) { #expect(!read.matches(hash: token.hash)) }
    }
    for text in ["", "crt1_", "crt1_AAAA", "crt2_" + text.dropFirst(5), text + "A", text + "="] {
      #expect(RefreshToken(text: text) == nil)
    }
  }

  @Test("never show their secret")
  func secrecy() {
    let shown = "\(token) \(String(reflecting: token))"
    #expect(!shown.contains(token.text.suffix(40)))
    #expect(Mirror(reflecting: token).children.isEmpty)
  }
}

@Suite("Opaque tokens")
struct OpaqueTokenTests {
  @Test(
    "are written in base64url (RFC 4648 §10)",
    arguments: [
      ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
      ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"), ("\u{3FF}\u{3FF}", "z7_Pvw")
    ])
  func base64URL(plain: String, text: String) {
    #expect(OpaqueToken.base64URL(Array(plain.utf8)) == text)
    #expect(OpaqueToken.decode(text) == Array(plain.utf8))
  }

  @Test(
    "have one form only",
    arguments: ["Z", "Zh", "Zm9", "Zg==", "Zm+v", "Zm/v", "Zm 9v", "Zm9v\n", "Zmé"])
  func refuses(text: String) {
    #expect(OpaqueToken.decode(text) == nil)
  }

  @Test("are compared whole")
  func comparison() {
    #expect(OpaqueToken.isEqualInConstantTime([1, 2, 3], [1, 2, 3]))
    #expect(!OpaqueToken.isEqualInConstantTime([1, 2, 3], [1, 2, 4]))
    #expect(!OpaqueToken.isEqualInConstantTime([1, 2, 3], [1, 2]))
    #expect(OpaqueToken.isEqualInConstantTime([], []))
    #expect(OpaqueToken.random(bytes: 33).count == 33)
    #expect(OpaqueToken.random(bytes: 16) != OpaqueToken.random(bytes: 16))
  }
}
