import ClinicClient
import ClinicContracts
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Exactly once")
struct ExactlyOnceTests {
  private func request(_ id: String, _ family: String = "Once") -> CreatePatientRequest {
    CreatePatientRequest(patient: Patient(name: PersonName(family: family)), requestID: id)
  }

  @Test("the same request id gives the stored reply")
  func replay() async throws {
    let clinic = try await TestClinic.make()
    let id = UUID().uuidString.lowercased()
    let first = try await clinic.admin.patients.create(request(id))
    let again = try await clinic.admin.patients.create(request(id))
    #expect(first == again)
    let listed = try await clinic.admin.patients.list(ListPatientsRequest())
    #expect(listed.patients.count == 1)
  }

  @Test("the same id with another request is refused")
  func mismatch() async throws {
    let clinic = try await TestClinic.make()
    let id = UUID().uuidString.lowercased()
    _ = try await clinic.admin.patients.create(request(id))
    let error = await failure { _ = try await clinic.admin.patients.create(request(id, "Other")) }
    #expect(error?.code == .alreadyExists)
    #expect(error?.reason == "REQUEST_ID_REUSED")
  }

  @Test("sixteen at once with one id make one patient")
  func race() async throws {
    let clinic = try await TestClinic.make()
    let id = UUID().uuidString.lowercased()
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 {
        group.addTask {
          try await clinic.admin.patients.create(request(id)).patient?.patientID ?? ""
        }
      }
      var ids = Set<String>()
      for try await id in group { ids.insert(id) }
      return ids
    }
    #expect(ids.count == 1)
    let listed = try await clinic.admin.patients.list(ListPatientsRequest())
    #expect(listed.patients.count == 1)
  }

  @Test("a refused request is not remembered: put right, it may use the same id")
  func refusedIsForgotten() async throws {
    let clinic = try await TestClinic.make()
    let id = UUID().uuidString.lowercased()
    let patient = try await clinic.patient()
    func archive(etag: String) async throws {
      _ = try await clinic.admin.patients.archive(
        ArchivePatientRequest(patientID: patient.patientID, etag: etag, requestID: id))
    }
    #expect(await failure { try await archive(etag: "v9") }?.code == .aborted)
    try await archive(etag: patient.etag)
  }

  @Test("the change log has no gap, and each entry holds the hash of the one before")
  func changeLog() async throws {
    let clinic = try await TestClinic.make()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<40 {
        group.addTask { try await clinic.patient(family: "F\(number)") }
      }
      try await group.waitForAll()
    }
    let company = try #require(UUID(uuidString: clinic.company.companyID))
    let rows = try await clinic.server.inspect(
      """
      select sequence, hash = clinic.change_hash(previous_hash, company_id, sequence, changed_at,
          staff_id, session_id, method, resource_type, resource_id, action, fields, reason,
          request_id),
        previous_hash = coalesce(lag(hash) over (order by sequence), ''),
        resource_type
      from clinic.changes where company_id = \(company) order by sequence
      """)
    var patients = 0
    for index in 0..<rows.count {
      #expect(try rows[index].decode(0, as: Int64.self) == Int64(index + 1))
      #expect(try rows[index].decode(1, as: Bool.self), "hash of \(index + 1)")
      #expect(try rows[index].decode(2, as: Bool.self), "chain at \(index + 1)")
      if try rows[index].decode(3, as: String.self) == "patient" { patients += 1 }
    }
    #expect(patients == 40)
  }

  @Test("every read of a patient is in the read log within a second")
  func readLog() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient()
    let before = try await reads(clinic)
    _ = try await clinic.admin.patients.get(GetPatientRequest(patientID: patient.patientID))
    _ = try await clinic.admin.patients.list(ListPatientsRequest())
    for _ in 0..<40 where try await reads(clinic) < before + 2 {
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(try await reads(clinic) == before + 2)
  }

  private func reads(_ clinic: TestClinic) async throws -> Int64 {
    let company = try #require(UUID(uuidString: clinic.company.companyID))
    let rows = try await clinic.server.inspect(
      "select count(*) from clinic.reads where company_id = \(company)")
    return try rows[0].decode(0)
  }
}
