package import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

extension PatientHandler {
  package func createPatient(
    _ request: CreatePatientRequest, context: TenantContext
  ) async throws -> CreatePatientResponse {
    try await TenantScope(context, in: database).mutate(request) { mutation in
      let clinic = try await database.settings(of: mutation.companyID, deadline: context.deadline)
      var patient = try PatientRules(settings: clinic).admit(
        request.patient ?? Patient(), path: "patient")
      patient.setOutputs(id: UUIDv7.make(), at: mutation.now)
      if patient.recordNumber.isEmpty {
        patient.recordNumber = try await takeRecordNumbers(1, by: mutation)[0]
      }
      try enqueueInsert([patient], by: mutation)
      mutation.log(Change(.created, .patient, [try patient.uuid]))
      return CreatePatientResponse(patient: patient)
    }
  }

  package func updatePatient(
    _ request: UpdatePatientRequest, context: TenantContext
  ) async throws -> UpdatePatientResponse {
    let id = try UUID(contract: request.patientID, field: "patient_id")
    let update = request.patient ?? Patient()
    let paths = try UpdateMask.patient.paths(of: request.updateMask, for: update)
    return try await TenantScope(context, in: database).mutate(request) { mutation in
      let stored = try await lock(id, etag: update.etag, by: mutation)
      guard stored.state == .active else {
        throw RPCError.failedPrecondition(
          "An archived record is read-only: restore it first", type: "STATE",
          subject: "patient.state")
      }
      var merged = stored
      try merged.merge(update, paths: paths)
      if merged.recordNumber.isEmpty {
        throw RPCError.invalidArgument(
          field: "patient.record_number", reason: "REQUIRED", description: "must not be empty")
      }
      let clinic = try await database.settings(of: mutation.companyID, deadline: context.deadline)
      merged = try PatientRules(settings: clinic).admit(merged, path: "patient")
      merged.dateConsents(at: mutation.now, unchangedFrom: stored.consents)
      merged.touch(at: mutation.now)
      let rows = try PatientRows([merged])
      mutation.enqueue(rows.update(in: mutation.companyID))
      mutation.enqueue(PatientStatements.deleteKeys(mutation.companyID, id))
      mutation.enqueue(try PatientKeys.insert([merged], in: mutation.companyID))
      mutation.log(Change(.updated, .patient, [id], fields: paths))
      return UpdatePatientResponse(patient: merged)
    }
  }

  /// Numbers from the clinic's own series.
  func takeRecordNumbers(_ count: Int, by mutation: Mutation) async throws -> [String] {
    let rows = try await mutation.query(
      PatientStatements.takeRecordNumbers(mutation.companyID, Int32(count)))
    return try rows[0].decode(0)
  }

  /// Puts off the inserts of patients and their keys.
  func enqueueInsert(_ patients: [Patient], by mutation: Mutation) throws {
    guard !patients.isEmpty else { return }
    mutation.enqueue(try PatientRows(patients).insert(in: mutation.companyID))
    mutation.enqueue(try PatientKeys.insert(patients, in: mutation.companyID))
  }
}

extension Patient {
  /// Fills in what the server decides about a new patient.
  mutating func setOutputs(id: UUID, at now: PostgresTimestamp) {
    patientID = id.text
    state = .active
    archiveTime = nil
    createTime = Timestamp(now)
    updateTime = Timestamp(now)
    etag = Etag.text(version: 1)
    dateConsents(at: now)
  }

  /// Gives consents without a time that of the change, or that of the stored decision where it is
  /// the same.
  mutating func dateConsents(
    at now: PostgresTimestamp, unchangedFrom stored: [Consent] = []
  ) {
    for index in consents.indices where consents[index].decideTime == nil {
      let consent = consents[index]
      let same = stored.first { $0.kind == consent.kind && $0.decision == consent.decision }
      consents[index].decideTime = same.map(\.decideTime) ?? Timestamp(now)
    }
  }

  /// The id; throws for a patient that has none.
  var uuid: UUID {
    get throws { try UUID(contract: patientID, field: "patient_id") }
  }
}
