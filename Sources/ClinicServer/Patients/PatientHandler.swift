package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.PatientService`.
package struct PatientHandler: PatientService.Handler {
  let database: Database
  let pageTokens: PageTokens

  package init(database: Database, pageTokens: PageTokens) {
    self.database = database
    self.pageTokens = pageTokens
  }

  package func getPatient(
    _ request: GetPatientRequest, context: TenantContext
  ) async throws -> GetPatientResponse {
    let scope = TenantScope(context, in: database)
    let id = try UUID(contract: request.patientID, field: "patient_id")
    let rows = try await scope.read(PatientStatements.get(scope.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    scope.noteRead([id])
    return GetPatientResponse(patient: try Patient(row: rows[0]))
  }

  package func archivePatient(
    _ request: ArchivePatientRequest, context: TenantContext
  ) async throws -> ArchivePatientResponse {
    let id = try UUID(contract: request.patientID, field: "patient_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let patient = try await setState(
        .archived, of: id, etag: request.etag, reason: request.reason, by: mutation)
      if !request.keepAppointments {
        try AppointmentsAhead(
          rows: await mutation.query(AppointmentStatements.aheadOfPatient(mutation.companyID, id))
        ).refuse(
          "The patient has appointments: cancel them first, or keep them with keep_appointments",
          subject: "patient")
      }
      return ArchivePatientResponse(patient: patient)
    }
  }

  package func restorePatient(
    _ request: RestorePatientRequest, context: TenantContext
  ) async throws -> RestorePatientResponse {
    let id = try UUID(contract: request.patientID, field: "patient_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      RestorePatientResponse(
        patient: try await setState(.active, of: id, etag: request.etag, reason: "", by: mutation))
    }
  }

  package func deletePatient(
    _ request: DeletePatientRequest, context: TenantContext
  ) async throws -> DeletePatientResponse {
    let id = try UUID(contract: request.patientID, field: "patient_id")
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      _ = try await lock(id, etag: request.etag, by: mutation)
      mutation.enqueue(PatientStatements.delete(mutation.companyID, id))
      mutation.log(Change(.deleted, .patient, [id], reason: request.reason))
      return DeletePatientResponse()
    }
  }

  static let notFound = RPCError.notFound(
    "There is no such patient", reason: "PATIENT_NOT_FOUND", field: "patient_id")

  /// Locks a patient until the end of the transaction and checks the caller's version.
  func lock(_ id: UUID, etag: String, by mutation: Mutation) async throws -> Patient {
    let rows = try await mutation.query(PatientStatements.lock(mutation.companyID, id))
    guard rows.count == 1 else { throw Self.notFound }
    let patient = try Patient(row: rows[0])
    try Etag.check(etag, against: patient.etag)
    return patient
  }

  /// Moves a patient to a state that it is not yet in.
  private func setState(
    _ state: PatientState, of id: UUID, etag: String, reason: String, by mutation: Mutation
  ) async throws -> Patient {
    var patient = try await lock(id, etag: etag, by: mutation)
    guard patient.state != state else {
      throw RPCError.failedPrecondition(
        state == .archived ? "The record is archived already" : "The record is not archived",
        type: "STATE", subject: "patient.state")
    }
    mutation.enqueue(
      PatientStatements.setState(mutation.companyID, id, Int16(truncatingIfNeeded: state.rawValue)))
    mutation.log(
      Change(state == .archived ? .archived : .restored, .patient, [id], reason: reason))
    patient.state = state
    patient.archiveTime = state == .archived ? Timestamp(mutation.now) : nil
    patient.touch(at: mutation.now)
    return patient
  }
}

extension Patient {
  /// Moves the version and the time of the last change as the database will.
  mutating func touch(at now: PostgresTimestamp) {
    etag = Etag.next(after: etag)
    updateTime = Timestamp(now)
  }
}
