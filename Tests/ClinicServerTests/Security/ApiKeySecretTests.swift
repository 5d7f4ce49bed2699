import Foundation
import RPCCore
import Testing

@testable import ClinicServer

@Suite("API keys as text")
struct ApiKeySecretTests {
  let secret = ApiKeySecret(companyID: UUIDv7.make())

  @Test("say their clinic and themselves, and are read back")
  func roundTrip() throws {
    let read = try #require(ApiKeySecret(text: secret.text))
    #expect(read == secret)
    #expect(secret.text.hasPrefix("crk1_"))
    #expect(secret.text.utf8.count == 5 + 86)
    #expect(secret.text.hasSuffix(secret.hint) && secret.hint.count == 4)
    #expect(read.matches(hash: secret.hash))
  }

  @Test("never show themselves")
  func redaction() {
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), dumped] {
      #expect(!text.contains(secret.text.suffix(40)))
    }
    #expect("\(secret)".contains(secret.keyID.text))
  }

  @Test("are another key, or none, with any one character changed, cut or added")
  func variation() {
    let text = secret.text
    for index in text.indices {
      for other in ["A", "z", "-", "é", "="] where text[index] != Character(other) {
        var changed = text
        changed.replaceSubrange(index...index, with: other)
        #expect(ApiKeySecret(text: changed)?.matches(hash: secret.hash) != true, "\(changed)")
      }
    }
    for changed in [
      "", "crk1_", String(text.dropLast()), text + "A", " " + text, text + "\n",
      text.replacing("crk1_", with: "crt1_")
    ] {
      #expect(ApiKeySecret(text: changed) == nil, "\(changed)")
    }
  }

  @Test("of the same clinic and id have other secrets")
  func secrets() {
    let twin = ApiKeySecret(companyID: secret.companyID, keyID: secret.keyID)
    #expect(twin != secret)
    #expect(!twin.matches(hash: secret.hash))
  }
}

@Suite("Thumbprints of certificates")
struct CertificateThumbprintTests {
  @Test("are the SHA-256 in base64url")
  func form() {
    // SHA-256 of the empty string, in the forms of OpenSSL and of RFC 8705.
    let digits = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    let text = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    let peer = PeerInfo(
      address: "192.0.2.7", tlsIdentity: TLSIdentity(subject: "CN=lab", fingerprint: digits))
    #expect(CertificateThumbprint.of(peer) == text)
    #expect(CertificateThumbprint.isValid(text))
    #expect(CertificateThumbprint.of(PeerInfo(address: "192.0.2.7")) == nil)
    for wrong in ["", String(text.dropLast()), text + "A", String(text.dropLast()) + "V"] {
      #expect(!CertificateThumbprint.isValid(wrong))
    }
  }
}
