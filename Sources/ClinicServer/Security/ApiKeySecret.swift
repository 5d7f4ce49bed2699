package import FoundationEssentials

/// An API key itself, as a service account's program keeps it.
///
/// It names its clinic and itself, so that it is found without an index over secrets and inside of
/// its clinic. Only its hash is stored.
package struct ApiKeySecret: Sendable, Hashable {
  /// The clinic.
  package let companyID: UUID
  /// The key's id.
  package let keyID: UUID
  /// 32 random bytes.
  let secret: [UInt8]

  /// What the text of every key begins with.
  package static let prefix = "crk1_"
  private static let secretLength = 32
  private static let length = 16 + 16 + secretLength

  /// A new key.
  package init(companyID: UUID, keyID: UUID = UUIDv7.make()) {
    self.companyID = companyID
    self.keyID = keyID
    secret = OpaqueToken.random(bytes: Self.secretLength)
  }

  /// Reads a key; nil for anything that is not shaped like one.
  package init?(text: String) {
    guard text.hasPrefix(Self.prefix), text.utf8.count < 256,
      let bytes = OpaqueToken.decode(String(text.dropFirst(Self.prefix.count))),
      bytes.count == Self.length
    else { return nil }
    companyID = UUID(bytes: bytes[0..<16])
    keyID = UUID(bytes: bytes[16..<32])
    secret = Array(bytes[32...])
  }

  /// What the program keeps: `crk1_` (so that scanners for leaked secrets know it) and base64url.
  package var text: String { Self.prefix + OpaqueToken.base64URL(bytes) }

  /// The end of the text, which tells keys apart and nobody how they go on before it.
  package var hint: String { String(text.suffix(4)) }

  /// What the server stores: SHA-256 of the whole key. The secret has 256 random bits, so nothing
  /// slower is needed.
  package var hash: [UInt8] { OpaqueToken.sha256(bytes) }

  /// Whether this is the key whose hash was stored.
  package func matches(hash: [UInt8]) -> Bool {
    OpaqueToken.isEqualInConstantTime(self.hash, hash)
  }

  private var bytes: [UInt8] {
    var bytes: [UInt8] = []
    withUnsafeBytes(of: companyID.uuid) { bytes += $0 }
    withUnsafeBytes(of: keyID.uuid) { bytes += $0 }
    return bytes + secret
  }
}

extension ApiKeySecret: CustomStringConvertible, CustomReflectable {
  /// Never the secret.
  package var description: String { "<API key \(keyID.text)>" }

  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension UUID {
  /// An id of 16 bytes.
  fileprivate init(bytes: ArraySlice<UInt8>) {
    self.init(uuid: Array(bytes).withUnsafeBytes { $0.loadUnaligned(as: uuid_t.self) })
  }
}
