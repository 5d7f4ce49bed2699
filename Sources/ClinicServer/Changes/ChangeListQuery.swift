internal import ClinicContracts
internal import PostgresClient
internal import RPCCore
internal import struct Foundation.UUID

/// The query of a list of log entries: filter, order and keyset.
struct ChangeListQuery {
  private let isOldestFirst: Bool
  private let conditions: [SQLQuery]

  init(companyID: UUID, filter: ChangeFilter, isOldestFirst: Bool) throws {
    self.isOldestFirst = isOldestFirst
    var conditions: [SQLQuery] = ["c.company_id = \(companyID)"]
    if !filter.recordTypes.isEmpty {
      conditions.append("c.resource_type = any(\(filter.recordTypes))")
    }
    for (column, id, field) in [
      ("resource_id", filter.recordID, "filter.record_id"),
      ("staff_id", filter.accountID, "filter.account_id")
    ] where !id.isEmpty {
      conditions.append("c.\(raw: column) = \(try UUID(contract: id, field: field))")
    }
    if !filter.method.isEmpty { conditions.append("c.method = \(filter.method)") }
    if !filter.action.isEmpty { conditions.append("c.action = \(filter.action)") }
    if let time = filter.fromTime {
      conditions.append("c.changed_at >= \(PostgresTimestamp(time))")
    }
    if let time = filter.untilTime {
      conditions.append("c.changed_at < \(PostgresTimestamp(time))")
    }
    self.conditions = conditions
  }

  /// A page of entries after a cursor.
  func page(after cursor: PageCursor?, limit: Int) throws -> SQLQuery {
    var conditions = conditions
    if let cursor {
      guard let place = cursor.integer(0) else { throw Paging.invalid }
      conditions.append(isOldestFirst ? "c.sequence > \(place)" : "c.sequence < \(place)")
    }
    return """
      select \(raw: ChangeLog.columns) from clinic.changes c \
      where \(SQLQuery.joined(conditions, separator: " and ")) \
      order by \(raw: isOldestFirst ? "c.sequence" : "c.sequence desc") limit \(Int64(limit))
      """
  }
}
