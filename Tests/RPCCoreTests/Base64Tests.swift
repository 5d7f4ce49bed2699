import RPCCore
import Testing

@Suite("Base64")
struct Base64Tests {
  @Test(
    "writes without padding and reads with and without (RFC 4648 §10)",
    arguments: [
      ("", "", ""), ("f", "Zg", "Zg=="), ("fo", "Zm8", "Zm8="), ("foo", "Zm9v", "Zm9v"),
      ("foob", "Zm9vYg", "Zm9vYg=="), ("fooba", "Zm9vYmE", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy", "Zm9vYmFy")
    ])
  func vectors(text: String, bare: String, padded: String) {
    #expect(Base64.text(of: Array(text.utf8)) == bare)
    #expect(Base64.bytes(of: bare) == Array(text.utf8))
    #expect(Base64.bytes(of: padded) == Array(text.utf8))
  }

  @Test(
    "refuses what is no base64", arguments: ["A", "A=", "=", "====", "Zg=", "Z g", "Zg==Zg", "é"])
  func malformed(text: String) { #expect(Base64.bytes(of: text) == nil) }
}
