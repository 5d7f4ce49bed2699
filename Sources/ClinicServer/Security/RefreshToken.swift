package import FoundationEssentials

/// The opaque token that buys a session's next credentials, once.
///
/// It names its session, so that no index over secrets is needed to find it, and the generation,
/// so that a token of an earlier generation, used again, is recognised as stolen. The secret that
/// all tokens of a session share proves that such a one is no invention of somebody who merely
/// knows the session's id. Only hashes are stored.
package struct RefreshToken: Sendable, Hashable {
  /// The clinic.
  package let companyID: UUID
  /// The session.
  package let sessionID: UUID
  /// Counts the tokens of the session.
  package let generation: Int32
  /// 32 random bytes that all tokens of the session share; none in a session of before they did.
  let family: [UInt8]
  /// 32 random bytes of this token's own.
  let secret: [UInt8]

  private static let prefix = "crt1_"
  private static let secretLength = 32
  private static let headLength = 16 + 16 + 4

  /// The first token of a session.
  package init(companyID: UUID, sessionID: UUID) {
    self.init(
      companyID: companyID, sessionID: sessionID, generation: 1,
      family: OpaqueToken.random(bytes: Self.secretLength))
  }

  private init(companyID: UUID, sessionID: UUID, generation: Int32, family: [UInt8]) {
    self.companyID = companyID
    self.sessionID = sessionID
    self.generation = generation
    self.family = family
    secret = OpaqueToken.random(bytes: Self.secretLength)
  }

  /// Reads a token; nil for anything that is not shaped like one.
  package init?(text: String) {
    guard text.hasPrefix(Self.prefix), text.utf8.count < 256,
      let bytes = OpaqueToken.decode(String(text.dropFirst(Self.prefix.count))),
      [1, 2].contains(where: { bytes.count == Self.headLength + $0 * Self.secretLength })
    else { return nil }
    companyID = Self.id(bytes[0..<16])
    sessionID = Self.id(bytes[16..<32])
    generation = Int32(bitPattern: bytes[32..<36].reduce(0) { $0 << 8 | UInt32($1) })
    family = Array(bytes[Self.headLength..<bytes.count - Self.secretLength])
    secret = Array(bytes.suffix(Self.secretLength))
  }

  /// What the client keeps: `crt1_` (so that scanners for leaked secrets know it) and base64url.
  package var text: String { Self.prefix + OpaqueToken.base64URL(bytes) }

  /// What the server stores: SHA-256 of the whole token. The secret has 256 random bits, so nothing
  /// slower is needed.
  package var hash: [UInt8] { OpaqueToken.sha256(bytes) }

  /// What the server stores to know the session's other tokens by.
  package var familyHash: [UInt8] { OpaqueToken.sha256(family) }

  /// Whether this is a token of the session whose hash was stored: its last one or an earlier one.
  package func isOfFamily(hash: [UInt8]?) -> Bool {
    guard !family.isEmpty, let hash else { return false }
    return OpaqueToken.isEqualInConstantTime(familyHash, hash)
  }

  /// Whether this is the token whose hash was stored.
  package func matches(hash: [UInt8]) -> Bool {
    OpaqueToken.isEqualInConstantTime(self.hash, hash)
  }

  /// The token that this one is exchanged for: of the same session, and the next generation.
  package func successor() -> RefreshToken {
    RefreshToken(
      companyID: companyID, sessionID: sessionID, generation: generation &+ 1, family: family)
  }

  private var bytes: [UInt8] {
    var bytes: [UInt8] = []
    withUnsafeBytes(of: companyID.uuid) { bytes += $0 }
    withUnsafeBytes(of: sessionID.uuid) { bytes += $0 }
    withUnsafeBytes(of: generation.bigEndian) { bytes += $0 }
    return bytes + family + secret
  }

  private static func id(_ bytes: ArraySlice<UInt8>) -> UUID {
    UUID(uuid: Array(bytes).withUnsafeBytes { $0.loadUnaligned(as: uuid_t.self) })
  }
}

extension RefreshToken: CustomStringConvertible, CustomReflectable {
  /// Never the secret.
  package var description: String { "<refresh token of session \(sessionID.text)>" }

  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
