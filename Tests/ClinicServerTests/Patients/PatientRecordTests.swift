import ClinicClient
import ClinicContracts
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Patient records")
struct PatientRecordTests {
  @Test("come back as they were created, with what the server decides")
  func create() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient(given: "José Emilio", family: "Ñúñez-O’Brien") {
      $0.birthDate = Date(year: 1984, month: 3)
      $0.sex = .male
      $0.identifiers = [Identifier(type: .nhsNumber, value: "943 476 5919")]
      $0.contactPoints = [
        ContactPoint(kind: .mobile, value: "07700 900 123", use: .home),
        ContactPoint(kind: .email, value: "jose@example.org")
      ]
      $0.addresses = [Address(lines: ["1 Rua do Açúcar"], city: "Lisboa", countryCode: "PT")]
      $0.relatedPersons = [
        RelatedPerson(name: PersonName(text: "母"), relationship: "mother", emergencyContact: true)
      ]
      $0.tags = ["VIP", "vip", "Recall"]
      $0.consents = [Consent(kind: .sms, decision: .granted)]
    }
    #expect(patient.identifiers[0].value == "9434765919")
    #expect(patient.contactPoints[0].value == "+447700900123")
    #expect(patient.tags == ["vip", "recall"])
    #expect(patient.recordNumber == "000001")
    #expect(patient.state == .active)
    let read = try await clinic.admin.patients.get(
      GetPatientRequest(patientID: patient.patientID))
    #expect(read.patient == patient)
  }

  @Test(
    "are refused with the field and the rule",
    arguments: [
      (#"{"name":{}}"#, "patient.name", "REQUIRED"),
      (#"{}"#, "patient.name", "REQUIRED"),
      (
        #"{"name":{"family":"F"},"birthDate":{"year":2023,"month":2,"day":29}}"#,
        "patient.birth_date", "NOT_A_DATE"
      ),
      (#"{"name":{"family":"F"},"birthDate":{"year":2999}}"#, "patient.birth_date", "IN_FUTURE"),
      (
        #"{"name":{"family":"F"},"birthDate":{"year":2000},"deathDate":{"year":1999}}"#,
        "patient.death_date", "BEFORE_BIRTH"
      ),
      (
        #"{"name":{"family":"F"},"identifiers":[{"type":"IDENTIFIER_TYPE_NHS_NUMBER","value":"9434765918"}]}"#,
        "patient.identifiers[0].value", "NHS_NUMBER"
      ),
      (
        #"{"name":{"family":"F"},"identifiers":[{"type":"IDENTIFIER_TYPE_OTHER","value":"1"}]}"#,
        "patient.identifiers[0].issuer", "REQUIRED"
      ),
      (
        #"{"name":{"family":"F"},"contactPoints":[{"kind":"CONTACT_KIND_EMAIL","value":"nobody"}]}"#,
        "patient.contact_points[0].value", "FORMAT_EMAIL"
      ),
      (
        #"{"name":{"family":"F"},"consents":[{"kind":"CONSENT_KIND_SMS","decision":1},{"kind":"CONSENT_KIND_SMS","decision":2}]}"#,
        "patient.consents[1].kind", "DUPLICATE"
      ),
      (
        #"{"name":{"family":"F"},"consents":[{"kind":"CONSENT_KIND_SMS"}]}"#,
        "patient.consents[0].decision", "REQUIRED"
      ),
      (
        #"{"name":{"family":"F"},"addresses":[{"lines":["1 High Street",""]}]}"#,
        "patient.addresses[0].lines[1]", "TOO_SHORT"
      )
    ])
  func refused(json: String, field: String, reason: String) async throws {
    let clinic = try await SharedClinic.shared.clinic()
    let error = await failure {
      _ = try await clinic.admin.patients.create(
        CreatePatientRequest(patient: try Patient(jsonString: json)))
    }
    #expect(error?.code == .invalidArgument)
    #expect(
      error?.fieldViolations.contains { $0.field == field && $0.reason == reason } == true,
      "\(String(describing: error?.fieldViolations))")
  }

  @Test("change by mask, and only what the mask names")
  func update() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient { $0.gender = "woman" }
    let reply = try await clinic.admin.patients.update(
      UpdatePatientRequest(
        patientID: patient.patientID,
        patient: Patient(name: PersonName(given: "Ignored", family: "Silva"), etag: patient.etag),
        updateMask: FieldMask(paths: ["name.family"])))
    let changed = try #require(reply.patient)
    #expect(changed.name?.family == "Silva")
    #expect(changed.name?.given == patient.name?.given)
    #expect(changed.gender == "woman")
    #expect(changed.etag != patient.etag)
    let read = try await clinic.admin.patients.get(GetPatientRequest(patientID: patient.patientID))
    #expect(read.patient == changed)
  }

  @Test("are not overwritten by who knows an older version")
  func staleEtag() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient()
    func update(_ gender: String) async throws {
      _ = try await clinic.admin.patients.update(
        UpdatePatientRequest(
          patientID: patient.patientID, patient: Patient(gender: gender, etag: patient.etag)))
    }
    try await update("first")
    let error = await failure { try await update("second") }
    #expect(error?.code == .aborted)
    #expect(error?.reason == "ETAG_MISMATCH")
  }

  @Test(
    "refuse a mask that names what does not exist or may not change",
    arguments: ["nickname", "patient_id", "state", "name.nickname", "etag", ""])
  func wrongMask(path: String) async throws {
    let clinic = try await SharedClinic.shared.clinic()
    let patient = try await clinic.patient()
    let error = await failure {
      _ = try await clinic.admin.patients.update(
        UpdatePatientRequest(
          patientID: patient.patientID, patient: Patient(gender: "x"),
          updateMask: FieldMask(paths: [path])))
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.fieldViolations.first?.field == "update_mask.paths[0]")
  }

  @Test("are read-only and out of sight while archived, and come back")
  func archive() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient()
    let id = patient.patientID
    let archived = try await clinic.admin.patients.archive(
      ArchivePatientRequest(patientID: id, etag: patient.etag))
    #expect(archived.patient?.state == .archived)
    #expect(archived.patient?.archiveTime != nil)
    let listed = try await clinic.admin.patients.list(ListPatientsRequest())
    #expect(listed.patients.isEmpty)
    let all = try await clinic.admin.patients.list(
      ListPatientsRequest(filter: PatientFilter(includeArchived: true)))
    #expect(all.patients == [archived.patient])
    let update = await failure {
      _ = try await clinic.admin.patients.update(
        UpdatePatientRequest(patientID: id, patient: Patient(gender: "x")))
    }
    #expect(update?.code == .failedPrecondition)
    let again = await failure {
      _ = try await clinic.admin.patients.archive(ArchivePatientRequest(patientID: id))
    }
    #expect(again?.code == .failedPrecondition)
    let restored = try await clinic.admin.patients.restore(RestorePatientRequest(patientID: id))
    #expect(restored.patient?.state == .active)
    #expect(restored.patient?.archiveTime == nil)
  }

  @Test("are told apart by the countries that gave their numbers")
  func countries() async throws {
    let clinic = try await TestClinic.make()
    func make(_ country: String) async throws -> Patient {
      try await clinic.patient {
        $0.identifiers = [Identifier(type: .passport, value: "1234567", countryCode: country)]
      }
    }
    _ = try await make("FR")
    #expect(try await make("").identifiers.first?.countryCode == "GB")
    for country in ["GB", "FR"] {
      let taken = await failure { _ = try await make(country) }
      #expect(taken?.reason == "IDENTIFIER_TAKEN")
    }
  }

  @Test("are gone after a deletion, with their identifiers free again")
  func delete() async throws {
    let clinic = try await TestClinic.make()
    func make() async throws -> Patient {
      try await clinic.patient {
        $0.identifiers = [Identifier(type: .passport, value: "P 1234", countryCode: "GB")]
      }
    }
    let patient = try await make()
    let taken = await failure { _ = try await make() }
    #expect(taken?.code == .alreadyExists)
    #expect(taken?.reason == "IDENTIFIER_TAKEN")
    _ = try await clinic.admin.patients.delete(
      DeletePatientRequest(patientID: patient.patientID, reason: "entered twice"))
    let gone = await failure {
      _ = try await clinic.admin.patients.get(GetPatientRequest(patientID: patient.patientID))
    }
    #expect(gone?.code == .notFound)
    _ = try await make()
  }

  @Test("get numbers that no other patient has, however those are written")
  func recordNumbers() async throws {
    let clinic = try await TestClinic.make()
    try await clinic.patient { $0.recordNumber = "000-001" }
    #expect(try await clinic.patient().recordNumber == "000002")
    let taken = await failure { try await clinic.patient { $0.recordNumber = "00 0002" } }
    #expect(taken?.code == .alreadyExists)
    #expect(taken?.reason == "RECORD_NUMBER_TAKEN")
    let empty = await failure {
      try await clinic.patient {
        $0.recordNumber = "---"
        $0.identifiers = [Identifier(type: .passport, value: "##")]
      }
    }
    #expect(
      Set(empty?.fieldViolations.map(\.field) ?? []) == [
        "patient.record_number", "patient.identifiers[0].value"
      ])
    #expect(empty?.fieldViolations.first?.reason == "NO_LETTER_OR_DIGIT")
  }

  @Test("can be tried out without a change")
  func validateOnly() async throws {
    let clinic = try await TestClinic.make()
    let patient = Patient(name: PersonName(family: "Trial"))
    let tried = try await clinic.admin.patients.create(
      CreatePatientRequest(patient: patient, validateOnly: true))
    #expect(tried.patient?.recordNumber == "000001")
    let listed = try await clinic.admin.patients.list(ListPatientsRequest())
    #expect(listed.patients.isEmpty)
  }

  @Test("are listed page by page, each once, in every order")
  func pages() async throws {
    let clinic = try await TestClinic.make()
    for number in 0..<23 {
      try await clinic.patient(given: "P\(number % 5)", family: "F\(number % 3)") {
        if number % 4 != 0 { $0.birthDate = Date(year: 1950 + Int32(number % 7)) }
      }
    }
    for order in [PatientOrder.unspecified, .name, .createTimeDesc, .birthDate] {
      var request = ListPatientsRequest(pageSize: 5, order: order)
      var seen: [String] = []
      repeat {
        let reply = try await clinic.admin.patients.list(request)
        seen += reply.patients.map(\.patientID)
        request.pageToken = reply.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(seen.count == 23, "\(order)")
      #expect(Set(seen).count == 23, "\(order)")
    }
  }

  @Test("give a page token that no other clinic, filter or order can use")
  func foreignToken() async throws {
    let clinic = try await TestClinic.make()
    let other = try await TestClinic.make()
    for number in 0..<3 { try await clinic.patient(family: "F\(number)") }
    let token = try await clinic.admin.patients.list(ListPatientsRequest(pageSize: 1)).nextPageToken
    #expect(!token.isEmpty)
    for (client, request) in [
      (other.admin, ListPatientsRequest(pageSize: 1, pageToken: token)),
      (clinic.admin, ListPatientsRequest(pageSize: 1, pageToken: token, order: .birthDate)),
      (
        clinic.admin,
        ListPatientsRequest(pageToken: token, filter: PatientFilter(sex: .female))
      ),
      (clinic.admin, ListPatientsRequest(pageToken: token + "x"))
    ] {
      let error = await failure { _ = try await client.patients.list(request) }
      #expect(error?.fieldViolations.first?.field == "page_token")
    }
  }
}

/// A clinic that several tests share, where what they leave does not matter.
actor SharedClinic {
  static let shared = SharedClinic()
  private var making: Task<TestClinic, any Error>?

  func clinic() async throws -> TestClinic {
    if let making { return try await making.value }
    // Shared by all tests that wait for it; ends by itself.
    let task = Task { try await TestClinic.make() }
    making = task
    return try await task.value
  }
}
