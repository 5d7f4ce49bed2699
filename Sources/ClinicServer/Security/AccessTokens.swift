internal import Crypto

internal import JWTKit
internal import Synchronization
package import FoundationEssentials

/// Issues and verifies access tokens: JWTs (RFC 7519) signed with Ed25519 (RFC 8037).
///
/// A token is short-lived and says who calls, in which clinic and session; whether the session
/// still lives and what it may do is looked up. Only one algorithm exists here, so a token cannot
/// choose a weaker one (RFC 8725 §3.1).
package final class AccessTokens: Sendable {
  /// Who issues (`iss`).
  package let issuer: String
  /// Who is to accept (`aud`).
  package let audience: String
  /// How long a token lives.
  package let lifetime: Duration
  /// How far the clocks of servers may be apart.
  package static let leeway = Duration.seconds(30)
  /// The longest token that is looked at, in bytes. The scope of a service account's takes the most.
  package static let longestToken = 4_096

  private let ring: Mutex<SigningKeyRing>

  /// Makes an issuer and verifier. Lifetimes are 1 second and up, and less than a ring's overlap.
  package init(
    ring: SigningKeyRing, issuer: String = "clinic-rpc", audience: String = "clinic-rpc",
    lifetime: Duration = .seconds(600)
  ) {
    self.ring = Mutex(ring)
    self.issuer = issuer
    self.audience = audience
    self.lifetime = lifetime
  }

  /// Replaces the keys.
  package func use(_ ring: SigningKeyRing) {
    self.ring.withLock { $0 = ring }
  }

  /// Makes a token. It lives as long as tokens do, or a shorter time that is given.
  package func issue(
    companyID: UUID, accountID: UUID, credentialID: UUID,
    service: AccessTokenClaims.Service? = nil, atMost limit: Duration? = nil, now: Date = Date()
  ) async throws(AccessTokenError) -> AccessToken {
    let ring = ring.withLock { $0 }
    guard let record = ring.signingRecord(at: now), let key = ring.privateKey(of: record) else {
      throw .noSigningKey
    }
    let issued = now.timeIntervalSince1970.rounded(.down)
    let lifetime = min(lifetime, limit ?? lifetime)
    let claims = AccessTokenClaims(
      accountID: accountID, companyID: companyID, credentialID: credentialID, service: service,
      tokenID: UUIDv7.make(), issued: Date(timeIntervalSince1970: issued),
      expires: Date(timeIntervalSince1970: issued + Double(lifetime.components.seconds)))
    let payload = AccessTokenPayload(claims, issuer: issuer, audience: audience)
    do {
      let name = JWKIdentifier(string: record.id.text)
      let keys = JWTKeyCollection()
      await keys.add(eddsa: EdDSA.PrivateKey(backing: key), kid: name)
      return AccessToken(text: try await keys.sign(payload, kid: name), claims: claims)
    } catch {
      throw .noSigningKey
    }
  }

  /// What a token says, where it is to be believed.
  package func verify(
    _ token: String, now: Date = Date()
  ) async throws(AccessTokenError) -> AccessTokenClaims {
    let bytes = Array(token.utf8)
    guard bytes.count <= Self.longestToken, let header = AccessTokenHeader(token: bytes) else {
      throw .malformed
    }
    guard header.alg == "EdDSA" else { throw .wrongAlgorithm }
    let ring = ring.withLock { $0 }
    guard let id = UUID(text: header.kid), let record = ring.verifyingRecord(id: id, at: now),
      let key = ring.privateKey(of: record)
    else { throw .unknownKey }
    let payload: AccessTokenPayload
    do {
      let keys = JWTKeyCollection()
      await keys.add(
        eddsa: EdDSA.PublicKey(backing: key.publicKey), kid: JWKIdentifier(string: header.kid))
      payload = try await keys.verify(bytes, as: AccessTokenPayload.self)
    } catch let error as JWTError where error.errorType == .signatureVerificationFailed {
      throw .wrongSignature
    } catch {
      throw .malformed
    }
    return try check(payload, now: now)
  }

  private func check(
    _ payload: AccessTokenPayload, now: Date
  ) throws(AccessTokenError) -> AccessTokenClaims {
    guard payload.iss == issuer, payload.aud == audience else { throw .wrongIssuerOrAudience }
    guard let claims = payload.claims else { throw .malformed }
    // No leeway here: what clients are told to be the end is the end.
    guard now < claims.expires else { throw .expired }
    guard claims.issued <= now + Double(Self.leeway.components.seconds) else { throw .notYetValid }
    return claims
  }
}

/// The part of a token's header that we read.
private struct AccessTokenHeader: Decodable {
  var alg: String
  var kid: String

  /// Reads the header of a token of three parts that are each written in the one form that
  /// base64url has for them, so that a token cannot be varied.
  init?(token: [UInt8]) {
    let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .compactMap { OpaqueToken.decode(Array($0)) }
    guard parts.count == 3, let header = try? JSONDecoder().decode(Self.self, from: Data(parts[0]))
    else { return nil }
    self = header
  }
}

/// The claims as they stand in the token.
private struct AccessTokenPayload: JWTPayload {
  var iss: String
  var aud: String
  var sub: String
  var cid: String
  var sid: String
  var jti: String
  var iat: Int64
  var exp: Int64
  /// Only in a service account's: `service`.
  var kind: String?
  /// Permissions, with a space between each two (RFC 8693 §4.2).
  var scope: String?
  var cnf: Confirmation?

  /// What the caller must show beside the token (RFC 7800).
  struct Confirmation: Codable {
    var thumbprint: String

    enum CodingKeys: String, CodingKey {
      case thumbprint = "x5t#S256"
    }
  }

  private static let serviceKind = "service"

  init(_ claims: AccessTokenClaims, issuer: String, audience: String) {
    iss = issuer
    aud = audience
    sub = claims.accountID.text
    cid = claims.companyID.text
    sid = claims.credentialID.text
    jti = claims.tokenID.text
    iat = Int64(claims.issued.timeIntervalSince1970)
    exp = Int64(claims.expires.timeIntervalSince1970)
    guard let service = claims.service else { return }
    kind = Self.serviceKind
    scope = service.scope.map { $0.sorted().joined(separator: " ") }
    cnf = service.thumbprint.map(Confirmation.init)
  }

  var claims: AccessTokenClaims? {
    guard let accountID = UUID(text: sub), let companyID = UUID(text: cid),
      let credentialID = UUID(text: sid), let tokenID = UUID(text: jti),
      kind == nil || kind == Self.serviceKind
    else { return nil }
    let service = kind.map { _ in
      AccessTokenClaims.Service(
        scope: scope.map { Set($0.split(separator: " ").map(String.init)) },
        thumbprint: cnf?.thumbprint)
    }
    return AccessTokenClaims(
      accountID: accountID, companyID: companyID, credentialID: credentialID, service: service,
      tokenID: tokenID, issued: Date(timeIntervalSince1970: Double(iat)),
      expires: Date(timeIntervalSince1970: Double(exp)))
  }

  /// Times and names are checked by ``AccessTokens``, against a clock that tests can set.
  func verify(using algorithm: some JWTAlgorithm) async throws {}
}
