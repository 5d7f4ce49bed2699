/// Applies migrations, each in a transaction of its own, and records what was applied.
///
/// Any number of servers may migrate at once: each step takes a lock in its transaction and looks
/// again at what is applied before it runs.
public struct Migrator: Sendable {
  /// The steps, by number.
  public let migrations: [Migration]
  /// The schema that holds the record, readable for every role.
  public let schema: String

  /// Held from a step's first look to its commit; the number is arbitrary but fixed.
  private static let lockKey: Int64 = 0x434C_494E_4943
  private static let stepTimeout: Duration = .seconds(600)

  /// A migrator of steps with distinct numbers, in any order.
  public init(
    _ migrations: [Migration], schema: String = "clinic_migrations"
  ) throws(MigrationError) {
    self.migrations = migrations.sorted { $0.number < $1.number }
    self.schema = schema
    for (first, second) in zip(self.migrations, self.migrations.dropFirst())
    where first.number == second.number {
      throw .duplicateNumber(first.number)
    }
  }

  /// Applies every pending step, in order. Refuses to touch a database with edited steps.
  /// - Returns: The steps that this call applied.
  @discardableResult
  public func migrate(_ client: PostgresClient) async throws -> [Migration] {
    var applied: [Migration] = []
    while let migration = try await applyNext(client) { applied.append(migration) }
    return applied
  }

  /// Where the database stands. Changes nothing.
  public func status(_ client: PostgresClient) async throws -> MigrationStatus {
    try await client.withTransaction(access: .readOnly) { try await status($0) }
  }

  /// Refuses a database that is behind or has edited steps. One that a newer program has migrated
  /// further is accepted.
  public func verify(_ client: PostgresClient) async throws {
    let status = try await status(client)
    try check(status)
    guard status.pending.isEmpty else { throw MigrationError.behind(status.pending.map(\.number)) }
  }

  private func check(_ status: MigrationStatus) throws(MigrationError) {
    guard status.edited.isEmpty else { throw .edited(status.edited) }
    guard status.outOfOrder.isEmpty else { throw .outOfOrder(status.outOfOrder) }
  }

  private func applyNext(_ client: PostgresClient) async throws -> Migration? {
    let lock: SQLQuery = "select pg_advisory_xact_lock(\(Self.lockKey))"
    return try await client.withTransaction(
      retry: .never, deadline: .now + Self.stepTimeout
    ) { transaction in
      // Another server's step may take its time.
      try await transaction.pipeline([lock])
      let status = try await status(transaction)
      try check(status)
      guard let next = status.pending.first else { return nil }
      if status.applied.isEmpty { try await createRecord(transaction) }
      do {
        try await transaction.executeScript(next.sql)
        try await transaction.execute(
          """
          insert into \(record) (number, name, checksum)
          values (\(next.number), \(next.name), encode(sha256(\(Array(next.sql.utf8))), 'hex'))
          """)
      } catch let error as PostgresError {
        throw MigrationError.failed(number: next.number, name: next.name, error)
      }
      return next
    }
  }

  private var record: SQLQuery { "\(identifier: schema).applied" }

  private func createRecord(_ transaction: PostgresTransaction) async throws {
    _ = try await transaction.pipeline([
      "create schema if not exists \(identifier: schema)",
      """
      create table if not exists \(record) (
        number bigint primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now())
      """,
      "grant usage on schema \(identifier: schema) to public",
      "grant select on \(record) to public"
    ])
  }

  private func status(_ transaction: PostgresTransaction) async throws -> MigrationStatus {
    let sums: SQLQuery = """
      select encode(sha256(convert_to(sql, 'UTF8')), 'hex')
      from unnest(\(migrations.map(\.sql))) with ordinality as files (sql, place)
      order by place
      """
    let table = "\(SQLQuery.quoted(identifier: schema)).applied"
    let results = try await transaction.pipeline([
      sums, "select to_regclass(\(table)) is not null"
    ])
    let checksums = try results[0].map { row throws in try row.decode(0, as: String.self) }
    var status = MigrationStatus()
    if try results[1].first?.decode(0, as: Bool.self) == true {
      let rows = try await transaction.query(
        "select number, name, checksum, applied_at from \(record) order by number")
      status.applied = try rows.map { row throws in
        let (number, name, checksum, appliedAt) = try row.decode(
          Int.self, String.self, String.self, PostgresTimestamp.self)
        return MigrationStatus.Applied(
          number: number, name: name, checksum: checksum, appliedAt: appliedAt)
      }
    }
    compare(checksums, with: &status)
    return status
  }

  private func compare(_ checksums: [String], with status: inout MigrationStatus) {
    let recorded = Dictionary(
      status.applied.map { ($0.number, $0.checksum) }, uniquingKeysWith: { first, _ in first })
    for (migration, checksum) in zip(migrations, checksums) {
      switch recorded[migration.number] {
      case nil: status.pending.append(migration)
      case checksum: break
      default: status.edited.append(migration.number)
      }
    }
    let known = Set(migrations.map(\.number))
    status.unknown = status.applied.map(\.number).filter { !known.contains($0) }
  }
}
