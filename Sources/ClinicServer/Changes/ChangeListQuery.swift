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
    if !filter.resourceTypes.isEmpty {
      conditions.append("c.resource_type = any(\(filter.resourceTypes))")
    }
    if !filter.resourceID.isEmpty {
      let id = try UUID(contract: filter.resourceID, field: "filter.resource_id")
      conditions.append("c.resource_id = \(id)")
    }
    for (id, field, table) in [
      (filter.staffID, "filter.staff_id", "staff"),
      (filter.serviceAccountID, "filter.service_account_id", "service_accounts")
    ] where !id.isEmpty {
      let id = try UUID(contract: id, field: field)
      conditions.append(
        """
        c.staff_id = \(id) and exists (select from clinic.\(raw: table) a \
        where a.company_id = \(companyID) and a.id = \(id))
        """)
    }
    if !filter.method.isEmpty { conditions.append("c.method = \(filter.method)") }
    if !filter.action.isEmpty { conditions.append("c.action = \(filter.action)") }
    if let time = filter.fromTime {
      conditions.append("c.changed_at >= \(PostgresTimestamp(time))")
    }
    if let time = filter.toTime { conditions.append("c.changed_at < \(PostgresTimestamp(time))") }
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
