internal import Crypto
internal import Foundation
internal import Logging
internal import PostgresClient
internal import RPCCore

/// The keys that every server of the platform shares, kept in the database: made by whichever
/// server finds none, under an advisory lock, so that replicas agree.
struct KeyStore: Sendable {
  /// What a key is for.
  enum Purpose: String, Sendable {
    case accessTokens = "access-tokens"
    case pageTokens = "page-tokens"
    case loginFailures = "login-failures"
    case webhookSecrets = "webhook-secrets"
  }

  private enum Statements {
    static let lock = SQLStatement(
      "keys.lock", "select pg_advisory_xact_lock(hashtext('clinic.platform_keys'))")
    static let load = SQLStatement(
      "keys.load",
      """
      select id, secret, created_at, activates_at, retires_at from clinic.platform_keys \
      where purpose = $1::text and retires_at > now() order by activates_at
      """)
    static let insert = SQLStatement(
      "keys.insert",
      """
      insert into clinic.platform_keys (id, purpose, secret, activates_at, retires_at) \
      values ($1::uuid, $2::text, $3::bytea, $4::timestamptz, $5::timestamptz)
      """)
    static let forget = SQLStatement(
      "keys.forget", "delete from clinic.platform_keys where retires_at < now() - interval '1 day'")
  }

  let client: PostgresClient

  /// The secret for a purpose that needs one key for ever: 32 bytes.
  func secret(for purpose: Purpose) async throws -> [UInt8] {
    try await client.withTransaction(deadline: Deadline.after(.seconds(30)).postgres) {
      transaction in
      _ = try await transaction.pipeline([Statements.lock()])
      let rows = try await transaction.query(Statements.load(purpose.rawValue))
      if rows.count > 0 { return try rows[0].decode(1) }
      let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
      _ = try await transaction.query(
        Statements.insert(
          UUIDv7.make(), purpose.rawValue, secret, PostgresTimestamp.now, Self.never))
      return secret
    }
  }

  /// The signing keys, with a new one where it is time for it.
  func signingKeys() async throws -> SigningKeyRing {
    try await client.withTransaction(deadline: Deadline.after(.seconds(30)).postgres) {
      transaction in
      _ = try await transaction.pipeline([Statements.lock(), Statements.forget()])
      let rows = try await transaction.query(Statements.load(Purpose.accessTokens.rawValue))
      let records = try (0..<rows.count).map { try SigningKeyRecord(row: rows[$0]) }
      let ring = SigningKeyRing(records)
      guard let fresh = ring.rotated(at: Foundation.Date()) else {
        return ring
      }
      _ = try await transaction.query(
        Statements.insert(
          fresh.id, Purpose.accessTokens.rawValue, fresh.privateKey,
          PostgresTimestamp(fresh.activates), PostgresTimestamp(fresh.retires)))
      return SigningKeyRing(records + [fresh])
    }
  }

  private static let never = PostgresTimestamp(microseconds: 4_102_444_800_000_000)
}

extension SigningKeyRecord {
  /// A key from the columns of `keys.load`.
  fileprivate init(row: PostgresRow) throws {
    self.init(
      id: try row.decode(0), privateKey: try row.decode(1),
      created: try row.decode(2, as: PostgresTimestamp.self).date,
      activates: try row.decode(3, as: PostgresTimestamp.self).date,
      retires: try row.decode(4, as: PostgresTimestamp.self).date)
  }
}
