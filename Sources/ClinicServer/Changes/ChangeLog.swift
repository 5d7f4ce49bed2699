internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// Reads clinics' change logs.
enum ChangeLog {
  /// The most entries of one reading.
  static let page = 500

  /// The columns of an entry, in the order that `ChangeEntry.init(row:)` reads.
  static let columns = """
    c.sequence, c.changed_at, c.staff_id, c.session_id, c.method, c.resource_type, c.resource_id, \
    c.action, c.fields, c.reason, c.request_id, c.previous_hash, c.hash, \
    \(ActorMessage.names(of: "staff_id", in: "c"))
    """

  static let end = SQLStatement(
    "changes.end", "select h.sequence from clinic.change_heads h where h.company_id = $1::uuid")

  static let after = SQLStatement(
    "changes.after",
    """
    select \(columns) from clinic.changes c where c.company_id = $1::uuid \
    and c.sequence > $2::int8 order by c.sequence limit $3::int8
    """)

  static let verify = SQLStatement(
    "changes.verify",
    """
    select last_sequence, last_hash, head_sequence, fault_sequence, fault \
    from clinic.verify_changes($1::uuid, $2::int8, $3::int4)
    """)

  /// Tells all servers where logs end.
  static let notify = SQLStatement(
    "changes.notify",
    "select pg_notify('\(ChangeAnnouncer.channel)', line) from unnest($1::text[]) line")

  /// Every statement, for the tests of plans.
  static let all = [
    end, after, verify, notify
  ]

  /// The last entry of a log.
  static func end(in companyID: UUID, of database: Database) async throws -> Int64 {
    let rows = try await database.read(end(companyID), in: companyID, deadline: deadline)
    return rows.count == 0 ? 0 : try rows[0].decode(0)
  }

  /// The entries behind a place.
  static func entries(
    after place: Int64, limit: Int, in companyID: UUID, of database: Database
  ) async throws -> [ChangeEntry] {
    let rows = try await database.read(
      after(companyID, place, Int64(limit)), in: companyID, deadline: deadline)
    return try (0..<rows.count).map { try ChangeEntry(row: rows[$0]) }
  }

  private static var deadline: Deadline { .after(.seconds(10)) }
}

extension ChangeEntry {
  /// An entry from the columns of `ChangeLog.columns`.
  init(row: PostgresRow) throws {
    let account = try row.decode(2, as: UUID?.self)
    let actor = try ActorMessage(account ?? SystemActor.id, names: row, at: 13)
    let credential = try row.decode(3, as: UUID?.self).map(\.text) ?? ""
    self.init(
      sequence: try row.decode(0),
      changeTime: Timestamp(try row.decode(1, as: PostgresTimestamp.self)), actor: actor,
      sessionID: actor?.kind == .staff ? credential : "",
      apiKeyID: actor?.kind == .service ? credential : "", method: try row.decode(4),
      recordType: try row.decode(5), recordID: try row.decode(6, as: UUID.self).text,
      action: try row.decode(7), fields: try row.decode(8), reason: try row.decode(9),
      requestID: try row.decode(10), previousHash: try row.decode(11), hash: try row.decode(12),
      hashVersion: 1)
  }
}
