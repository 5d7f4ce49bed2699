package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.ResourceService`.
package struct ResourceHandler: ResourceService.Handler {
  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens) {
    self.database = database
    self.pageTokens = pageTokens
  }

  static let notFound = RPCError.notFound(
    "There is no such resource", reason: "RESOURCE_NOT_FOUND", field: "resource_id")

  package func getResource(
    _ request: GetResourceRequest, context: TenantContext
  ) async throws -> GetResourceResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.resourceID, field: "resource_id")
    let rows = try await scope.read(ResourceStatements.get(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    return GetResourceResponse(resource: try Resource(row: rows[0]))
  }

  package func listResources(
    _ request: ListResourcesRequest, context: TenantContext
  ) async throws -> ListResourcesResponse {
    let scope = TenantScope(context, in: database)
    let size = Paging.size(request.pageSize)
    let kind = UInt8(truncatingIfNeeded: request.kind.rawValue)
    let paging = Paging(pageTokens, scope, filter: [kind, request.includeRetired ? 1 : 0])
    let cursor = try paging.cursor(of: request.pageToken)
    let rows = try await scope.read(
      ResourceStatements.list(
        scope.companyID, Int16(truncatingIfNeeded: cursor?.integer(0) ?? 0), cursor?.text(1) ?? "",
        Int16(kind), request.includeRetired, Int64(size + 1)))
    let (resources, next) = try paging.page(rows, size: size) {
      try Resource(row: $0)
    } cursor: { last, _ in
      PageCursor([.integer(Int64(last.kind.rawValue)), .text(NameFolding.folded(last.name))])
    }
    return ListResourcesResponse(resources: resources, nextPageToken: next)
  }

  package func createResource(
    _ request: CreateResourceRequest, context: TenantContext
  ) async throws -> CreateResourceResponse {
    let new = try ResourceRules.admit(request.resource ?? Resource(), path: "resource")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      CreateResourceResponse(resource: try Self.insert(new, by: mutation))
    }
  }

  /// Puts off the insert of a resource that the rules admit.
  static func insert(_ new: Resource, by mutation: Mutation) throws -> Resource {
    var resource = new
    let id = UUIDv7.make()
    resource.resourceID = id.text
    resource.state = .active
    resource.createTime = Timestamp(mutation.now)
    resource.updateTime = Timestamp(mutation.now)
    resource.etag = Etag.text(version: 1)
    let staffID =
      try resource.staffID.isEmpty
      ? nil : UUID(contract: resource.staffID, field: "resource.staff_id")
    mutation.enqueue(
      ResourceStatements.insert(
        mutation.companyID, id, Int16(truncatingIfNeeded: resource.kind.rawValue), resource.name,
        NameFolding.folded(resource.name), staffID, Int16(truncatingIfNeeded: resource.capacity),
        resource.color, resource.packedWeeklyHours))
    mutation.log(Change(.created, .resource, [id]))
    return resource
  }

  package func updateResource(
    _ request: UpdateResourceRequest, context: TenantContext
  ) async throws -> UpdateResourceResponse {
    let id = try UUID(contract: request.resourceID, field: "resource_id")
    let update = request.resource ?? Resource()
    let paths = try UpdateMask.resource.paths(of: request.updateMask, for: update)
    let scope = TenantScope(context, in: database)
    let clock = try await ClinicClock(of: scope)
    return try await scope.mutate(request) { mutation in
      let old = try await lock(id, etag: update.etag, by: mutation)
      var resource = old
      try resource.merge(update, paths: paths)
      try resource.checkRules(path: "resource")
      resource = try ResourceRules.admit(resource, path: "resource")
      mutation.enqueue(
        ResourceStatements.update(
          mutation.companyID, id, resource.name, NameFolding.folded(resource.name),
          Int16(truncatingIfNeeded: resource.capacity), resource.color,
          resource.packedWeeklyHours))
      mutation.log(Change(.updated, .resource, [id], fields: paths))
      resource.touch(at: mutation.now)
      var response = UpdateResourceResponse(resource: resource)
      if resource.weeklyHours != old.weeklyHours {
        response.affectedAppointmentIds = try await ChangeOfHours(
          of: id, on: clock.resolver,
          from: { clock.spans(of: old, deviations: $0, in: $1) },
          to: { [resource] in clock.spans(of: resource, deviations: $0, in: $1) }
        ).appointmentsLeftOut(by: mutation).map(\.id)
      }
      return response
    }
  }

  package func retireResource(
    _ request: RetireResourceRequest, context: TenantContext
  ) async throws -> RetireResourceResponse {
    let id = try UUID(contract: request.resourceID, field: "resource_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let resource = try await setState(.retired, of: id, etag: request.etag, by: mutation)
      try AppointmentsAhead(
        rows: await mutation.query(AppointmentStatements.aheadOfResource(mutation.companyID, id))
      ).refuse("Appointments lie ahead of it: move or cancel them first", subject: "resource")
      return RetireResourceResponse(resource: resource)
    }
  }

  package func reinstateResource(
    _ request: ReinstateResourceRequest, context: TenantContext
  ) async throws -> ReinstateResourceResponse {
    let id = try UUID(contract: request.resourceID, field: "resource_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      ReinstateResourceResponse(
        resource: try await setState(.active, of: id, etag: request.etag, by: mutation))
    }
  }

  private func setState(
    _ state: ResourceState, of id: UUID, etag: String, by mutation: Mutation
  ) async throws -> Resource {
    var resource = try await lock(id, etag: etag, by: mutation)
    guard resource.state != state else {
      throw RPCError.failedPrecondition(
        state == .active ? "The resource is in use" : "The resource is retired already",
        type: "STATE", subject: "resource.state")
    }
    mutation.enqueue(
      ResourceStatements.setState(
        mutation.companyID, id, Int16(truncatingIfNeeded: state.rawValue)))
    mutation.log(Change(state == .active ? .reinstated : .retired, .resource, [id]))
    resource.state = state
    resource.touch(at: mutation.now)
    return resource
  }

  /// Locks a resource until the end of the transaction and checks the caller's version.
  private func lock(_ id: UUID, etag: String, by mutation: Mutation) async throws -> Resource {
    let rows = try await mutation.query(ResourceStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let resource = try Resource(row: rows[0])
    try Etag.check(etag, against: resource.etag)
    return resource
  }
}
