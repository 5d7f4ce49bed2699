import Crypto
import FoundationEssentials
import Testing

@testable import ClinicServer

@Suite("Access tokens")
struct AccessTokensTests {
  let now = Date(timeIntervalSince1970: 1_790_000_000.75)
  let companyID = UUIDv7.make()
  let staffID = UUIDv7.make()
  let sessionID = UUIDv7.make()

  private func ring() -> SigningKeyRing {
    let empty = SigningKeyRing([])
    return SigningKeyRing([empty.rotated(at: now)].compactMap { $0 })
  }

  private func issue(_ tokens: AccessTokens, now: Date? = nil) async throws -> AccessToken {
    try await tokens.issue(
      companyID: companyID, accountID: staffID, credentialID: sessionID, now: now ?? self.now)
  }

  @Test("say who calls, where, in which session, and until when")
  func roundTrip() async throws {
    let tokens = AccessTokens(ring: ring(), lifetime: .seconds(300))
    let token = try await issue(tokens)
    let claims = try await tokens.verify(token.text, now: now)
    #expect(claims == token.claims)
    #expect(claims.companyID == companyID)
    #expect(claims.accountID == staffID)
    #expect(claims.credentialID == sessionID)
    #expect(claims.issued == Date(timeIntervalSince1970: 1_790_000_000))
    #expect(claims.expires == Date(timeIntervalSince1970: 1_790_000_300))
    #expect(token.expires == claims.expires)
    #expect(!"\(token)".contains(token.text))
  }

  @Test("have the claims and the header that RFC 7519 names")
  func claimNames() async throws {
    let ring = ring()
    let token = try await issue(AccessTokens(ring: ring, issuer: "here", audience: "there"))
    let parts = token.text.split(separator: ".").compactMap { OpaqueToken.decode(String($0)) }
    let header = try JSONDecoder().decode([String: String].self, from: Data(parts[0]))
    #expect(header == ["alg": "EdDSA", "typ": "JWT", "kid": ring.records[0].id.text])
    let payload = String(decoding: parts[1], as: UTF8.self)
    for part in [
      #""iss":"here""#, #""aud":"there""#, #""sub":"\#(staffID.text)""#,
      #""cid":"\#(companyID.text)""#, #""sid":"\#(sessionID.text)""#, #""iat":1790000000"#,
      #""exp":1790000600"#, #""jti":""#
    ] {
      #expect(payload.contains(part))
    }
    #expect(parts[2].count == 64)
  }

  @Test(
    "are refused before and after their time",
    arguments: [
      (-31.0, AccessTokenError.notYetValid), (-29, nil), (0, nil), (598, nil), (600, .expired),
      (1_000_000, .expired)
    ] as [(Double, AccessTokenError?)])
  func lifetimes(offset: Double, expected: AccessTokenError?) async throws {
    let tokens = AccessTokens(ring: ring())
    let token = try await issue(tokens)
    #expect(await refusal(of: token.text, by: tokens, at: now + offset) == expected)
  }

  @Test("are refused with any one character changed, cut or added")
  func tampering() async throws {
    let tokens = AccessTokens(ring: ring())
    let text = try await issue(tokens).text
    for index in text.indices {
      var changed = text
      changed.replaceSubrange(index...index, with: text[index] == "A" ? "B" : "A")
      #expect(await refusal(of: changed, by: tokens, at: now) != nil)
    }
    for changed in ["", ".", "..", "...", "a.b.c", String(text.dropLast()), text + "A", text + ".A"]
    {
      #expect(await refusal(of: changed, by: tokens, at: now) != nil)
    }
    let long = text + String(repeating: "A", count: AccessTokens.longestToken)
    #expect(await refusal(of: long, by: tokens, at: now) == .malformed)
  }

  @Test(
    "choose no other way of signing", arguments: ["none", "HS256", "RS256", "eddsa", "ES256"])
  func algorithms(algorithm: String) async throws {
    let ring = ring()
    let tokens = AccessTokens(ring: ring)
    let parts = try await issue(tokens).text.split(separator: ".").map(String.init)
    let header = #"{"alg":"\#(algorithm)","typ":"JWT","kid":"\#(ring.records[0].id.text)"}"#
    let signed = OpaqueToken.base64URL(Array(header.utf8)) + "." + parts[1]
    let key = try Curve25519.Signing.PrivateKey(rawRepresentation: ring.records[0].privateKey)
    let publicKey = SymmetricKey(data: key.publicKey.rawRepresentation)
    let mac = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: publicKey)
    for signature in ["", parts[2], OpaqueToken.base64URL(Array(mac))] {
      #expect(
        await refusal(of: signed + "." + signature, by: tokens, at: now) == .wrongAlgorithm)
    }
  }

  @Test("are refused from another issuer, for another audience, and of an unknown or retired key")
  func foreignTokens() async throws {
    let ring = ring()
    let tokens = AccessTokens(ring: ring)
    let text = try await issue(tokens).text
    for other in [
      AccessTokens(ring: ring, issuer: "other"), AccessTokens(ring: ring, audience: "other")
    ] {
      #expect(await refusal(of: text, by: other, at: now) == .wrongIssuerOrAudience)
    }
    #expect(await refusal(of: text, by: AccessTokens(ring: self.ring()), at: now) == .unknownKey)
    var record = ring.records[0]
    record.retires = now
    tokens.use(SigningKeyRing([record]))
    #expect(await refusal(of: text, by: tokens, at: now) == .unknownKey)
    await #expect(throws: AccessTokenError.noSigningKey) { try await issue(tokens) }
  }

  @Test("of a swapped key are refused")
  func swappedKey() async throws {
    let first = ring().records[0]
    let second = ring().records[0]
    let text = try await issue(AccessTokens(ring: SigningKeyRing([first]))).text
    var impostor = first
    impostor.privateKey = second.privateKey
    let tokens = AccessTokens(ring: SigningKeyRing([impostor]))
    #expect(await refusal(of: text, by: tokens, at: now) == .wrongSignature)
  }

  private func refusal(
    of text: String, by tokens: AccessTokens, at time: Date
  ) async -> AccessTokenError? {
    do throws(AccessTokenError) {
      _ = try await tokens.verify(text, now: time)
      return nil
    } catch { return error }
  }
}
