internal import ClinicContracts
internal import PostgresClient
internal import RPCCore
internal import struct Foundation.UUID

/// The query of a list: filter, order and keyset.
struct PatientListQuery {
  private let order: PatientOrder
  private let conditions: [SQLQuery]

  init(companyID: UUID, filter: PatientFilter, order: PatientOrder) throws {
    self.order = order == .unspecified ? .name : order
    if filter.includeArchived, filter.state != .unspecified {
      throw RPCError.invalidArgument(
        field: "filter.include_archived", reason: "CONFLICT",
        description: "must not be set together with state")
    }
    var conditions: [SQLQuery] = ["p.company_id = \(companyID)"]
    if !filter.includeArchived {
      let state = filter.state == .unspecified ? PatientState.active : filter.state
      conditions.append("p.state = \(Int16(truncatingIfNeeded: state.rawValue))")
    }
    if !filter.tags.isEmpty {
      conditions.append("p.tags @> \(filter.tags.map { $0.lowercased() })")
    }
    try Self.checkDates(filter)
    if let date = filter.bornFrom {
      conditions.append("coalesce(p.birth_date, 99999999) >= \(date.packed)")
    }
    if let date = filter.bornTo {
      conditions.append("coalesce(p.birth_date, 99999999) <= \(date.packedEnd)")
    }
    if filter.bornFrom != nil || filter.bornTo != nil {
      // Whoever has no date of birth was born neither before nor after another date.
      conditions.append("coalesce(p.birth_date, 99999999) < 99999999")
    }
    if filter.sex != .unspecified {
      conditions.append("p.sex = \(Int16(truncatingIfNeeded: filter.sex.rawValue))")
    }
    if let deceased = filter.deceased { conditions.append("p.deceased = \(deceased)") }
    if !filter.familyNamePrefix.isEmpty {
      let prefix = NameFolding.sortKeyPrefix(family: filter.familyNamePrefix)
      // The range rather than LIKE: an index on the plain text serves it.
      conditions.append("p.sort_name >= \(prefix) and p.sort_name < \(prefix + "\u{10FFFF}")")
    }
    self.conditions = conditions
  }

  private static func checkDates(_ filter: PatientFilter) throws {
    for (field, date) in [("born_from", filter.bornFrom), ("born_to", filter.bornTo)] {
      guard let date, !date.exists else { continue }
      throw RPCError.invalidArgument(
        field: "filter.\(field)", reason: "NOT_A_DATE", description: "must be a day of the calendar"
      )
    }
  }

  /// A page of patients after a cursor.
  func page(after cursor: PageCursor?, limit: Int) throws -> SQLQuery {
    let conditions = conditions + (try cursor.map { [try after($0)] } ?? [])
    return """
      select \(raw: PatientStatements.columns) from clinic.patients p \
      where \(SQLQuery.joined(conditions, separator: " and ")) \
      order by \(raw: orderText) limit \(Int64(limit))
      """
  }

  /// All patients in the order of their ids.
  func everything() -> SQLQuery {
    """
    select \(raw: PatientStatements.columns) from clinic.patients p \
    where \(SQLQuery.joined(conditions, separator: " and ")) order by p.id
    """
  }

  private var orderText: String {
    switch order {
    case .createTimeDesc: "p.created_at desc, p.id desc"
    case .birthDate: "coalesce(p.birth_date, 99999999), p.id"
    default: "p.sort_name, p.id"
    }
  }

  /// The place of a patient in the order.
  func cursor(of patient: Patient) throws -> PageCursor {
    let id = try patient.uuid
    switch order {
    case .createTimeDesc:
      return PageCursor([
        .integer(patient.createTime.map { PostgresTimestamp($0).microseconds } ?? 0), .uuid(id)
      ])
    case .birthDate:
      return PageCursor([.integer(Int64(patient.birthDate?.packed ?? 99_999_999)), .uuid(id)])
    default:
      return PageCursor([.text(SearchNames(patient).sort), .uuid(id)])
    }
  }

  private func after(_ cursor: PageCursor) throws -> SQLQuery {
    guard let id = cursor.uuid(1) else {
      throw Paging.invalid
    }
    switch order {
    case .createTimeDesc:
      guard let microseconds = cursor.integer(0) else { throw Paging.invalid }
      let time = PostgresTimestamp(microseconds: microseconds)
      return "(p.created_at, p.id) < (\(time), \(id))"
    case .birthDate:
      guard let date = cursor.integer(0).flatMap(Int32.init(exactly:)) else { throw Paging.invalid }
      return "(coalesce(p.birth_date, 99999999), p.id) > (\(date), \(id))"
    default:
      guard let name = cursor.text(0) else { throw Paging.invalid }
      return "(p.sort_name, p.id) > (\(name), \(id))"
    }
  }
}

extension Date {
  /// The last day that a partial date can stand for, in the form of ``packed``.
  var packedEnd: Int32 {
    year * 10_000 + (month == 0 ? 99 : month) * 100 + (day == 0 ? 99 : day)
  }
}
