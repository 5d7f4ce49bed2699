internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// The query of a list of appointments: filter, order and keyset.
struct AppointmentListQuery {
  private let conditions: [SQLQuery]
  private let isDescending: Bool

  init(companyID: UUID, filter: AppointmentFilter, isDescending: Bool) throws {
    self.isDescending = isDescending
    var conditions: [SQLQuery] = ["a.company_id = \(companyID)"]
    if let from = filter.fromTime {
      conditions.append("a.starts_at >= \(PostgresTimestamp(from))")
    }
    if let until = filter.untilTime {
      conditions.append("a.starts_at < \(PostgresTimestamp(until))")
    }
    if !filter.resourceID.isEmpty {
      let id = try UUID(contract: filter.resourceID, field: "filter.resource_id")
      conditions.append(
        """
        exists (select from clinic.appointment_resources f where f.company_id = \(companyID) \
        and f.appointment_id = a.id and f.resource_id = \(id))
        """)
    }
    if !filter.patientID.isEmpty {
      let id = try UUID(contract: filter.patientID, field: "filter.patient_id")
      conditions.append("a.patient_id = \(id)")
    }
    if !filter.appointmentTypeID.isEmpty {
      let id = try UUID(contract: filter.appointmentTypeID, field: "filter.appointment_type_id")
      conditions.append("a.type_id = \(id)")
    }
    if !filter.statuses.isEmpty {
      let statuses = filter.statuses.map { Int64($0.rawValue) }
      conditions.append("(\(raw: AppointmentStatements.status))::int8 = any(\(statuses))")
    }
    self.conditions = conditions
  }

  /// A page of appointments after a cursor.
  func page(after cursor: PageCursor?, limit: Int) throws -> SQLQuery {
    var conditions = conditions
    if let cursor {
      guard let start = cursor.integer(0), let id = cursor.uuid(1) else { throw Paging.invalid }
      let time = PostgresTimestamp(instant: start)
      conditions.append(
        isDescending
          ? "(a.starts_at, a.id) < (\(time), \(id))" : "(a.starts_at, a.id) > (\(time), \(id))")
    }
    let direction = isDescending ? "desc" : "asc"
    return """
      select \(raw: AppointmentStatements.columns) from \(raw: AppointmentStatements.source) \
      where \(SQLQuery.joined(conditions, separator: " and ")) \
      order by a.starts_at \(raw: direction), a.id \(raw: direction) limit \(Int64(limit))
      """
  }
}
