package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension PatientHandler {
  package func searchPatients(
    _ request: SearchPatientsRequest, context: TenantContext
  ) async throws -> SearchPatientsResponse {
    let scope = TenantScope(context, in: database)
    let settings = try await database.settings(of: scope.companyID, deadline: context.deadline)
    let terms = SearchTerms(request.query, countryCode: settings.countryCode)
    guard !terms.isEmpty else {
      throw RPCError.invalidArgument(
        field: "query", reason: "TOO_SHORT",
        description: "must hold a word of two letters, a number or a date")
    }
    let states: [Int16] = request.includeArchived ? [1, 2] : [1]
    let rows = try await scope.longRead { transaction in
      try await transaction.query(
        PatientStatements.searchCandidates(
          scope.companyID, terms.keys, terms.words, terms.sounds, states, terms.exactWords))
    }
    let limit = request.pageSize == 0 ? 20 : Int(request.pageSize)
    let matches = try (0..<rows.count)
      .compactMap { terms.match(try Patient(row: rows[$0])) }
      .sorted { ($1.score, $0.patient?.patientID ?? "") < ($0.score, $1.patient?.patientID ?? "") }
      .prefix(limit)
    scope.noteRead(try matches.compactMap { try $0.patient?.uuid })
    return SearchPatientsResponse(matches: Array(matches))
  }
}
