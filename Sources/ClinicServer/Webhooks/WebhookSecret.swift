internal import Crypto
internal import FoundationEssentials

/// What signs an endpoint's deliveries (standardwebhooks.com).
struct WebhookSecret: Sendable {
  private static let prefix = "whsec_"
  private static let length = 32

  let bytes: [UInt8]

  /// A new one.
  init() { bytes = OpaqueToken.random(bytes: Self.length) }

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// What the receiver keeps.
  var text: String { Self.prefix + Data(bytes).base64EncodedString() }

  /// The signature of a message.
  func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
    var code = HMAC<SHA256>(key: SymmetricKey(data: bytes))
    code.update(data: Array("\(id).\(timestamp).".utf8))
    code.update(data: body)
    return "v1," + Data(code.finalize()).base64EncodedString()
  }
}

extension WebhookSecret: CustomStringConvertible, CustomReflectable {
  /// Never the secret.
  var description: String { "<secret of a webhook>" }

  var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Seals what the database keeps of secrets: whoever reads a row without the platform's key cannot
/// sign, and a secret moved to another endpoint's row cannot be opened.
struct WebhookVault: Sendable {
  private let key: SymmetricKey

  /// - Parameter key: 32 secret bytes, the same on all servers of a platform.
  init(key: [UInt8]) {
    self.key = SymmetricKey(
      data: SHA256.hash(data: Array("clinic webhook secret\u{0}".utf8) + key))
  }

  func seal(_ secret: WebhookSecret, of webhookID: UUID, in companyID: UUID) throws -> [UInt8] {
    let box = try ChaChaPoly.seal(
      secret.bytes, using: key, authenticating: Self.place(webhookID, companyID))
    return Array(box.combined)
  }

  func open(_ sealed: [UInt8], of webhookID: UUID, in companyID: UUID) throws -> WebhookSecret {
    let box = try ChaChaPoly.SealedBox(combined: sealed)
    return WebhookSecret(
      bytes: Array(
        try ChaChaPoly.open(box, using: key, authenticating: Self.place(webhookID, companyID))))
  }

  private static func place(_ webhookID: UUID, _ companyID: UUID) -> [UInt8] {
    [companyID, webhookID].flatMap { withUnsafeBytes(of: $0.uuid) { Array($0) } }
  }
}
