import ClinicClient
import ClinicContracts
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("The times of consents")
struct PatientConsentTests {
  private static let before = Timestamp(seconds: 1_700_000_000)

  @Test("are those of the change where nobody says when the patient decided")
  func creation() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient {
      $0.consents = [
        Consent(kind: .sms, decision: .granted),
        Consent(kind: .email, decision: .refused, decideTime: Self.before)
      ]
    }
    #expect(patient.consents.map(\.decideTime) == [patient.createTime, Self.before])
    let read = try await clinic.admin.patients.get(GetPatientRequest(patientID: patient.patientID))
    #expect(read.patient == patient)
  }

  @Test("stay while the decision does, and change with it")
  func update() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient {
      $0.consents = [
        Consent(kind: .sms, decision: .granted, decideTime: Self.before),
        Consent(kind: .email, decision: .granted, decideTime: Self.before)
      ]
    }
    func update(_ change: Patient, _ path: String) async throws -> Patient {
      try #require(
        try await clinic.admin.patients.update(
          UpdatePatientRequest(
            patientID: patient.patientID, patient: change, updateMask: FieldMask(paths: [path]))
        ).patient)
    }
    let changed = try await update(
      Patient(consents: [
        Consent(kind: .email, decision: .refused), Consent(kind: .sms, decision: .granted),
        Consent(kind: .research, decision: .granted)
      ]), "consents")
    #expect(
      changed.consents.map(\.decideTime) == [
        changed.updateTime, Self.before, changed.updateTime
      ])
    let later = try await update(Patient(gender: "woman"), "gender")
    #expect(later.consents == changed.consents)
  }

  @Test("are given to imported ones too")
  func imports() async throws {
    let clinic = try await TestClinic.make()
    let patient = Patient(
      name: PersonName(family: "Roe"), consents: [Consent(kind: .sms, decision: .granted)])
    _ = try await clinic.admin.patients.import { writer in
      try await writer.write(ImportPatientsRequest(part: .options(ImportOptions())))
      try await writer.write(
        ImportPatientsRequest(part: .row(ImportRow(line: 2, patient: patient))))
    }
    let imported = try #require(
      try await clinic.admin.patients.list(ListPatientsRequest()).patients.first)
    #expect(imported.consents.map(\.decideTime) == [imported.createTime])
  }

  @Test("are read as they were kept while they were yes or no")
  func before() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient()
    let id = try #require(UUID(uuidString: patient.patientID))
    _ = try await clinic.server.inspect(
      """
      update clinic.patients set lists = '{"consents": [{"kind": "CONSENT_KIND_SMS",
        "granted": true, "note": "said \\"granted\\": true"}, {"kind": "CONSENT_KIND_EMAIL"}]}'
      where id = \(id)
      """)
    let read = try await clinic.admin.patients.get(
      GetPatientRequest(patientID: patient.patientID))
    #expect(read.patient?.consents.map(\.decision) == [.granted, .refused])
    #expect(read.patient?.consents.first?.note == #"said "granted": true"#)
  }
}
