package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.AppointmentTypeService`.
package struct AppointmentTypeHandler: AppointmentTypeService.Handler {
  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens) {
    self.database = database
    self.pageTokens = pageTokens
  }

  static let notFound = RPCError.notFound(
    "There is no such kind of appointment", reason: "APPOINTMENT_TYPE_NOT_FOUND",
    field: "appointment_type_id")

  package func getAppointmentType(
    _ request: GetAppointmentTypeRequest, context: TenantContext
  ) async throws -> GetAppointmentTypeResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.appointmentTypeID, field: "appointment_type_id")
    let rows = try await scope.read(AppointmentTypeStatements.get(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    return GetAppointmentTypeResponse(appointmentType: try AppointmentType(row: rows[0]))
  }

  package func listAppointmentTypes(
    _ request: ListAppointmentTypesRequest, context: TenantContext
  ) async throws -> ListAppointmentTypesResponse {
    let scope = TenantScope(context, in: database)
    let size = Paging.size(request.pageSize)
    let paging = Paging(pageTokens, scope, filter: [request.includeRetired ? 1 : 0])
    let after = try paging.cursor(of: request.pageToken)?.text(0) ?? ""
    let rows = try await scope.read(
      AppointmentTypeStatements.list(
        scope.companyID, after, request.includeRetired, Int64(size + 1)))
    let (types, next) = try paging.page(rows, size: size) {
      try AppointmentType(row: $0)
    } cursor: { last, _ in
      PageCursor([.text(NameFolding.folded(last.name))])
    }
    return ListAppointmentTypesResponse(appointmentTypes: types, nextPageToken: next)
  }

  package func createAppointmentType(
    _ request: CreateAppointmentTypeRequest, context: TenantContext
  ) async throws -> CreateAppointmentTypeResponse {
    let new = request.appointmentType ?? AppointmentType()
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      try await checkNeeds(of: new, by: mutation)
      return CreateAppointmentTypeResponse(appointmentType: try Self.insert(new, by: mutation))
    }
  }

  /// Puts off the insert of a type.
  static func insert(_ new: AppointmentType, by mutation: Mutation) throws -> AppointmentType {
    var type = new
    let id = UUIDv7.make()
    type.appointmentTypeID = id.text
    type.state = .active
    type.createTime = Timestamp(mutation.now)
    type.updateTime = Timestamp(mutation.now)
    type.etag = Etag.text(version: 1)
    mutation.enqueue(
      AppointmentTypeStatements.insert(
        mutation.companyID, id, type.name, NameFolding.folded(type.name), type.lengthMinutes,
        type.bufferBeforeMinutes, type.bufferAfterMinutes, type.color, try type.needsJSON()))
    mutation.log(Change(.created, .appointmentType, [id]))
    return type
  }

  package func updateAppointmentType(
    _ request: UpdateAppointmentTypeRequest, context: TenantContext
  ) async throws -> UpdateAppointmentTypeResponse {
    let id = try UUID(contract: request.appointmentTypeID, field: "appointment_type_id")
    let update = request.appointmentType ?? AppointmentType()
    let paths = try UpdateMask.appointmentType.paths(of: request.updateMask, for: update)
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      var type = try await lock(id, etag: update.etag, by: mutation)
      try type.merge(update, paths: paths)
      try type.checkRules(path: "appointment_type")
      try await checkNeeds(of: type, by: mutation)
      mutation.enqueue(
        AppointmentTypeStatements.update(
          mutation.companyID, id, type.name, NameFolding.folded(type.name), type.lengthMinutes,
          type.bufferBeforeMinutes, type.bufferAfterMinutes, type.color, try type.needsJSON()))
      mutation.log(Change(.updated, .appointmentType, [id], fields: paths))
      type.touch(at: mutation.now)
      return UpdateAppointmentTypeResponse(appointmentType: type)
    }
  }

  package func retireAppointmentType(
    _ request: RetireAppointmentTypeRequest, context: TenantContext
  ) async throws -> RetireAppointmentTypeResponse {
    let id = try UUID(contract: request.appointmentTypeID, field: "appointment_type_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let type = try await setState(.retired, of: id, etag: request.etag, by: mutation)
      let ahead = try await mutation.query(
        AppointmentStatements.aheadOfType(mutation.companyID, id))
      return RetireAppointmentTypeResponse(
        appointmentType: type, appointmentsAhead: try AppointmentsAhead(rows: ahead))
    }
  }

  package func reinstateAppointmentType(
    _ request: ReinstateAppointmentTypeRequest, context: TenantContext
  ) async throws -> ReinstateAppointmentTypeResponse {
    let id = try UUID(contract: request.appointmentTypeID, field: "appointment_type_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      ReinstateAppointmentTypeResponse(
        appointmentType: try await setState(.active, of: id, etag: request.etag, by: mutation))
    }
  }

  private func setState(
    _ state: AppointmentTypeState, of id: UUID, etag: String, by mutation: Mutation
  ) async throws -> AppointmentType {
    var type = try await lock(id, etag: etag, by: mutation)
    guard type.state != state else {
      throw RPCError.failedPrecondition(
        state == .active
          ? "The kind of appointment is in use" : "The kind of appointment is retired already",
        type: "STATE", subject: "appointment_type.state")
    }
    mutation.enqueue(
      AppointmentTypeStatements.setState(
        mutation.companyID, id, Int16(truncatingIfNeeded: state.rawValue)))
    mutation.log(Change(state == .active ? .reinstated : .retired, .appointmentType, [id]))
    type.state = state
    type.touch(at: mutation.now)
    return type
  }

  /// Locks a type until the end of the transaction and checks the caller's version.
  private func lock(
    _ id: UUID, etag: String, by mutation: Mutation
  ) async throws -> AppointmentType {
    let rows = try await mutation.query(AppointmentTypeStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let type = try AppointmentType(row: rows[0])
    try Etag.check(etag, against: type.etag)
    return type
  }

  /// Refuses needs for resources that do not exist (NOT_FOUND), or are of another kind.
  private func checkNeeds(of type: AppointmentType, by mutation: Mutation) async throws {
    let ids = try type.needs.enumerated().flatMap { need, value in
      try value.resourceIds.enumerated().map { index, text in
        try UUID(
          contract: text, field: "appointment_type.needs[\(need)].resource_ids[\(index)]")
      }
    }
    guard !ids.isEmpty else { return }
    let rows = try await mutation.query(
      AppointmentTypeStatements.kinds(mutation.companyID, Array(Set(ids))))
    var kinds: [String: ResourceKind] = [:]
    for index in 0..<rows.count {
      kinds[try rows[index].decode(0, as: UUID.self).text] = ResourceKind(
        rawValue: Int32(try rows[index].decode(1, as: Int16.self)))
    }
    var violations: [FieldViolation] = []
    for (need, value) in type.needs.enumerated() {
      for (index, text) in value.resourceIds.enumerated()
      where kinds[text.lowercased()] != value.kind {
        let field = "appointment_type.needs[\(need)].resource_ids[\(index)]"
        guard kinds[text.lowercased()] != nil else {
          throw ResourceHandler.notFound.about(field)
        }
        violations.append(
          FieldViolation(
            field: field, reason: "OTHER_KIND", description: "must be of the need's kind"))
      }
    }
    if !violations.isEmpty { throw RPCError.invalidArgument(violations: violations) }
  }
}
