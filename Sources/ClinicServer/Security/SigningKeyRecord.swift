internal import Crypto
package import FoundationEssentials

/// A key that signs access tokens, as it is stored.
package struct SigningKeyRecord: Sendable, Hashable {
  /// The id under which tokens say which key signed them (`kid`).
  package var id: UUID
  /// The 32 bytes of an Ed25519 private key (RFC 8032).
  package var privateKey: [UInt8]
  /// When the key was made.
  package var created: Date
  /// From when it signs.
  package var activates: Date
  /// From when its tokens are refused.
  package var retires: Date

  /// A stored key.
  package init(id: UUID, privateKey: [UInt8], created: Date, activates: Date, retires: Date) {
    self.id = id
    self.privateKey = privateKey
    self.created = created
    self.activates = activates
    self.retires = retires
  }

  /// A new key.
  package init(created: Date, activates: Date, retires: Date) {
    let key = Curve25519.Signing.PrivateKey()
    self.init(
      id: UUIDv7.make(), privateKey: Array(key.rawRepresentation), created: created,
      activates: activates, retires: retires)
  }
}

extension SigningKeyRecord: CustomStringConvertible, CustomReflectable {
  /// Never the private key.
  package var description: String { "<signing key \(id.text)>" }

  package var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
