package import FoundationEssentials

/// What reads a calendar feed: opaque, and enough by itself. It names its clinic and feed, so that
/// no index over secrets is needed. Only its hash is stored.
package struct FeedToken: Sendable, Hashable {
  /// The clinic.
  package let companyID: UUID
  /// The feed.
  package let feedID: UUID
  /// 32 random bytes.
  private let secret: [UInt8]

  private static let prefix = "ccf1_"
  private static let secretLength = 32

  /// A new token, with a secret of its own.
  package init(companyID: UUID, feedID: UUID) {
    self.companyID = companyID
    self.feedID = feedID
    secret = OpaqueToken.random(bytes: Self.secretLength)
  }

  /// Reads a token; nil for anything that is not shaped like one.
  package init?(text: String) {
    guard text.hasPrefix(Self.prefix), text.utf8.count < 256,
      let bytes = OpaqueToken.decode(String(text.dropFirst(Self.prefix.count))),
      bytes.count == 32 + Self.secretLength
    else { return nil }
    companyID = Self.id(bytes[0..<16])
    feedID = Self.id(bytes[16..<32])
    secret = Array(bytes[32...])
  }

  /// What the reader keeps: `ccf1_` (so that scanners for leaked secrets know it) and base64url.
  package var text: String { Self.prefix + OpaqueToken.base64URL(bytes) }

  /// What the server stores: SHA-256 of the whole token.
  package var hash: [UInt8] { OpaqueToken.sha256(bytes) }

  /// Whether this is the token whose hash was stored.
  package func matches(hash: [UInt8]) -> Bool {
    OpaqueToken.isEqualInConstantTime(self.hash, hash)
  }

  private var bytes: [UInt8] {
    var bytes: [UInt8] = []
    withUnsafeBytes(of: companyID.uuid) { bytes += $0 }
    withUnsafeBytes(of: feedID.uuid) { bytes += $0 }
    return bytes + secret
  }

  private static func id(_ bytes: ArraySlice<UInt8>) -> UUID {
    UUID(uuid: Array(bytes).withUnsafeBytes { $0.loadUnaligned(as: uuid_t.self) })
  }
}

extension FeedToken: CustomStringConvertible, CustomReflectable {
  /// Never the secret.
  package var description: String { "<token of feed \(feedID.text)>" }

  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
