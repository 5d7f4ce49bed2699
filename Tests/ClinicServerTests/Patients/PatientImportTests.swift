import ClinicClient
import ClinicContracts
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@Suite("The import and export of patients")
struct PatientImportTests {
  private func row(_ line: Int64, _ family: String, passport: String? = nil)
    -> ImportPatientsRequest
  {
    var patient = Patient(name: PersonName(family: family))
    if family.isEmpty { patient.name = nil }
    if let passport {
      patient.identifiers = [Identifier(type: .passport, value: passport, countryCode: "GB")]
    }
    return ImportPatientsRequest(part: .row(ImportRow(line: line, patient: patient)))
  }

  private func run(
    _ clinic: TestClinic, _ options: ImportOptions, _ rows: [ImportPatientsRequest]
  ) async throws -> ImportPatientsResponse {
    try await clinic.admin.patients.import { writer in
      try await writer.write(ImportPatientsRequest(part: .options(options)))
      try await writer.write(contentsOf: rows)
    }
  }

  private func count(_ clinic: TestClinic) async throws -> Int {
    try await clinic.admin.patients.export(ExportPatientsRequest()) { replies in
      var count = 0
      for try await reply in replies { count += reply.patients.count }
      return count
    }
  }

  @Test("reports all that is wrong with a row")
  func wrongFields() async throws {
    let clinic = try await TestClinic.make()
    var wrong = row(2, "A")
    guard case .row(var values) = wrong.part else { return }
    values.patient?.birthDate = Date(year: 2_999)
    values.patient?.identifiers = [Identifier(type: .nhsNumber, value: "9434765918")]
    wrong.part = .row(values)
    let reply = try await run(clinic, ImportOptions(), [wrong])
    #expect(reply.refusedCount == 1)
    #expect(reply.refusedRows.map(\.line) == [2, 2])
    #expect(Set(reply.refusedRows.map(\.field)) == ["birth_date", "identifiers[0].value"])
  }

  @Test("reports wrong rows with their line and takes the rest")
  func wrongRows() async throws {
    let clinic = try await TestClinic.make()
    let reply = try await run(
      clinic, ImportOptions(),
      [row(2, "A", passport: "1"), row(3, ""), row(4, "B", passport: "1"), row(5, "C")])
    #expect(reply.createdCount == 2)
    #expect(reply.refusedCount == 2)
    #expect(reply.refusedRows.map(\.line) == [3, 4])
    #expect(reply.refusedRows.map(\.reason) == ["REQUIRED", "ALREADY_EXISTS"])
    #expect(try await count(clinic) == 2)
  }

  @Test("passes over the numbers that the file itself names", arguments: [false, true])
  func ownNumbers(_ atomic: Bool) async throws {
    let clinic = try await TestClinic.make()
    var named = row(3, "B")
    if case .row(var content) = named.part {
      content.patient?.recordNumber = "000 001"
      named.part = .row(content)
    }
    let reply = try await run(clinic, ImportOptions(atomic: atomic), [row(2, "A"), named])
    #expect(reply.createdCount == 2)
    let numbers = try await clinic.admin.patients.list(ListPatientsRequest()).patients
      .map(\.recordNumber)
    #expect(Set(numbers) == ["000 001", "000002"])
  }

  @Test("tells when it only checks what it would refuse when it does not")
  func faithfulTrial() async throws {
    let clinic = try await TestClinic.make()
    var rows = (0..<1_100).map { row(Int64($0 + 2), "F\($0)", passport: "P\($0)") }
    rows[1_050] = row(1_052, "Twin", passport: "P3")
    for validateOnly in [true, false] {
      let reply = try await run(clinic, ImportOptions(validateOnly: validateOnly), rows)
      #expect(reply.createdCount == 1_099)
      #expect(reply.refusedRows.map(\.line) == [1_052])
    }
  }

  @Test("with `atomic`, takes nothing unless every row is right")
  func atomic() async throws {
    let clinic = try await TestClinic.make()
    let wrong = try await run(clinic, ImportOptions(atomic: true), [row(2, "A"), row(3, "")])
    #expect(wrong.createdCount == 0)
    #expect(wrong.refusedCount == 1)
    #expect(try await count(clinic) == 0)
    let right = try await run(clinic, ImportOptions(atomic: true), [row(2, "A"), row(3, "B")])
    #expect(right.createdCount == 2)
    let taken = try await run(
      clinic, ImportOptions(atomic: true),
      [row(2, "C", passport: "9"), row(3, "D", passport: "9")])
    #expect(taken.createdCount == 0)
    #expect(try await count(clinic) == 2)
  }

  @Test("with `atomic`, reports taken numbers beside rows that are wrong by themselves")
  func atomicReport() async throws {
    let clinic = try await TestClinic.make()
    try await clinic.patient {
      $0.identifiers = [Identifier(type: .passport, value: "1", countryCode: "GB")]
    }
    var rows = (0..<600).map { row(Int64($0 + 10), "F\($0)", passport: "P\($0)") }
    rows[598] = row(608, "Twin", passport: "P3")
    rows += [row(2, ""), row(3, "Taken", passport: "1"), row(4, "Right", passport: "2")]
    for skipsExisting in [false, true] {
      let reply = try await run(
        clinic, ImportOptions(atomic: true, skipExisting: skipsExisting), rows)
      #expect(reply.createdCount == 0)
      #expect(reply.refusedRows.map(\.line) == (skipsExisting ? [2] : [2, 3, 608]))
      #expect(
        reply.refusedRows.map(\.reason)
          == (skipsExisting ? ["REQUIRED"] : ["REQUIRED", "ALREADY_EXISTS", "ALREADY_EXISTS"]))
      #expect(reply.skippedCount == (skipsExisting ? 2 : 0))
    }
    #expect(try await count(clinic) == 1)
  }

  @Test("passes over what the clinic has, and changes nothing when it only checks")
  func skips() async throws {
    let clinic = try await TestClinic.make()
    let rows = (0..<1_200).map { row(Int64($0 + 2), "F\($0)", passport: "P\($0)") }
    let checked = try await run(clinic, ImportOptions(validateOnly: true), rows)
    #expect(checked.createdCount == 1_200)
    #expect(try await count(clinic) == 0)
    let first = try await run(clinic, ImportOptions(), rows)
    #expect(first.createdCount == 1_200)
    let again = try await run(clinic, ImportOptions(skipExisting: true), rows + [row(2_000, "New")])
    #expect(again.createdCount == 1)
    #expect(again.skippedCount == 1_200)
    #expect(try await count(clinic) == 1_201)
  }

  @Test("wants its options first")
  func optionsFirst() async throws {
    let clinic = try await SharedClinic.shared.clinic()
    let error = await failure {
      _ = try await clinic.admin.patients.import { try await $0.write(row(1, "A")) }
    }
    #expect(error?.code == .invalidArgument)
  }
}
