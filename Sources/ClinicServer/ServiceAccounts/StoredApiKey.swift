internal import PostgresClient
internal import RPCCore
internal import struct Foundation.UUID

/// A key as the database has it, with its account.
struct StoredApiKey: Sendable {
  let companyID: UUID
  let keyID: UUID
  let accountID: UUID
  let accountName: String
  let hash: [UInt8]
  /// Neither revoked nor of a closed account or a suspended clinic.
  let isLive: Bool
  /// The time until the key expires, by the clock of the database; below zero after it.
  let remaining: Duration
  /// What the key may do.
  let permissions: Set<String>
  /// The certificates that the account is bound to.
  let thumbprints: Set<String>

  /// A key from the columns of `ApiKeyStatements.resolve`.
  private init(row: PostgresRow, companyID: UUID, keyID: UUID) throws {
    self.companyID = companyID
    self.keyID = keyID
    accountID = try row.decode(0)
    accountName = try row.decode(1)
    hash = try row.decode(2)
    isLive = try row.decode(3)
    remaining = .seconds(try row.decode(4, as: Double.self))
    // What the contract no longer has open to service accounts is open to none.
    let account = BuiltInRole.service.intersection(try row.decode(5, as: [String].self))
    let narrowed = try row.decode(6, as: [String].self)
    permissions = narrowed.isEmpty ? account : account.intersection(narrowed)
    thumbprints = Set(try row.decode(7, as: [String].self))
  }

  /// Looks a key up; nil where there is none.
  static func find(
    _ keyID: UUID, in companyID: UUID, of database: Database, deadline: Deadline
  ) async throws -> StoredApiKey? {
    let rows = try await database.read(
      ApiKeyStatements.resolve(companyID, keyID), in: companyID, deadline: deadline)
    return rows.count == 1
      ? try StoredApiKey(row: rows[0], companyID: companyID, keyID: keyID) : nil
  }

  /// The principal of the key, or of a token with less scope.
  func principal(scope: Set<String>? = nil) -> Principal {
    Principal(
      companyID: companyID, serviceAccountID: accountID, keyID: keyID,
      permissions: scope.map(permissions.intersection) ?? permissions, displayName: accountName)
  }

  /// Throws where the key no longer works. Only for who has proved to have it: to anybody else,
  /// every key is a wrong one.
  func checkWorks() throws {
    guard isLive else { throw Self.refused }
    guard remaining > .zero else {
      throw RPCError.unauthenticated("The API key has expired", reason: "KEY_EXPIRED")
    }
  }

  /// Throws where a connection is not one that the key works over.
  func checkBinding(to peer: PeerInfo, token thumbprint: String? = nil) throws {
    guard !thumbprints.isEmpty || thumbprint != nil else { return }
    let shown = CertificateThumbprint.of(peer)
    let fits = shown.map { thumbprints.isEmpty || thumbprints.contains($0) } ?? false
    guard fits, thumbprint == nil || thumbprint == shown else {
      throw RPCError.unauthenticated(
        "The service account is bound to a client certificate, which this connection does not have",
        reason: "CERTIFICATE_MISMATCH")
    }
  }

  static let refused = RPCError.unauthenticated(
    "The API key is not accepted", reason: "KEY_REFUSED")
}
