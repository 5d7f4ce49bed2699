package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension PatientHandler {
  package func listPatients(
    _ request: ListPatientsRequest, context: TenantContext
  ) async throws -> ListPatientsResponse {
    let scope = TenantScope(context, in: database)
    let filter = request.filter ?? PatientFilter()
    let size = Paging.size(request.pageSize)
    let paging = Paging(
      pageTokens, scope,
      filter: try filter.serializedBytes() + [UInt8(truncatingIfNeeded: request.order.rawValue)])
    let cursor = try paging.cursor(of: request.pageToken)
    let query = try PatientListQuery(
      companyID: scope.companyID, filter: filter, order: request.order)
    let rows = try await scope.read(query.page(after: cursor, limit: size + 1))
    let (patients, next) = try paging.page(rows, size: size) {
      try Patient(row: $0)
    } cursor: { last, _ in
      try query.cursor(of: last)
    }
    scope.noteRead(try patients.map { try $0.uuid })
    return ListPatientsResponse(patients: patients, nextPageToken: next)
  }

  package func exportPatients(
    _ request: ExportPatientsRequest, responses: ResponseWriter<ExportPatientsResponse>,
    context: TenantContext
  ) async throws {
    let scope = TenantScope(context, in: database)
    // Without a filter everybody is wanted, those who are archived too.
    let query = try PatientListQuery(
      companyID: scope.companyID, filter: request.filter ?? PatientFilter(includeArchived: true),
      order: .unspecified)
    // One snapshot from the first patient to the last, row by row in bounded memory: the reader's
    // credit holds back the cursor, and through it the database.
    try await scope.longRead { transaction in
      var page: [Patient] = []
      func send() async throws {
        guard !page.isEmpty else { return }
        scope.noteRead(try page.map { try $0.uuid })
        try await responses.write(ExportPatientsResponse(patients: page))
        page.removeAll(keepingCapacity: true)
      }
      for try await row in transaction.stream(query.everything()) {
        page.append(try Patient(row: row))
        if page.count == 200 { try await send() }
      }
      try await send()
    }
  }
}
