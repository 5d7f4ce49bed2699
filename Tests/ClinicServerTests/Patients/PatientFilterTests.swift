import ClinicClient
import ClinicContracts
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@Suite("The filter of lists and exports of patients")
struct PatientFilterTests {
  @Test(
    "bounds of the date of birth leave out whose date is not known",
    arguments: [
      (PatientFilter(bornFrom: Date(year: 1980)), ["1984"]),
      (PatientFilter(bornTo: Date(year: 1980)), ["1970"]),
      (PatientFilter(bornTo: Date(year: 9999)), ["1970", "1984"]),
      (PatientFilter(), ["1970", "1984", "unknown"])
    ])
  func born(filter: PatientFilter, families: [String]) async throws {
    let clinic = try await Born.shared.clinic()
    for order in [PatientOrder.name, .birthDate] {
      let reply = try await clinic.admin.patients.list(
        ListPatientsRequest(filter: filter, order: order))
      #expect(reply.patients.compactMap(\.name?.family) == families)
    }
  }

  @Test(
    "a bound that is no day is refused by its name",
    arguments: [
      ("filter.born_from", PatientFilter(bornFrom: Date(year: 2023, month: 2, day: 31))),
      ("filter.born_to", PatientFilter(bornTo: Date(year: 2023, month: 2, day: 29)))
    ])
  func noDay(field: String, filter: PatientFilter) async throws {
    let clinic = try await SharedClinic.shared.clinic()
    let list = await failure {
      _ = try await clinic.admin.patients.list(ListPatientsRequest(filter: filter))
    }
    let export = await failure {
      try await clinic.admin.patients.export(ExportPatientsRequest(filter: filter)) { replies in
        for try await _ in replies {}
      }
    }
    for error in [list, export] {
      #expect(error?.code == .invalidArgument)
      #expect(error?.fieldViolations.first?.field == field)
      #expect(error?.fieldViolations.first?.reason == "NOT_A_DATE")
    }
  }

  @Test("an export without a filter holds archived patients too, one with a filter as it says")
  func exports() async throws {
    let clinic = try await TestClinic.make()
    try await clinic.patient(family: "Active")
    let archived = try await clinic.patient(family: "Archived")
    _ = try await clinic.admin.patients.archive(
      ArchivePatientRequest(patientID: archived.patientID))
    for (filter, families) in [
      (nil, ["Active", "Archived"]), (PatientFilter(), ["Active"]),
      (PatientFilter(state: .archived), ["Archived"])
    ] as [(PatientFilter?, [String])] {
      let exported = try await clinic.admin.patients.export(
        ExportPatientsRequest(filter: filter)
      ) { replies in
        var families: [String] = []
        for try await reply in replies { families += reply.patients.compactMap(\.name?.family) }
        return families
      }
      #expect(exported == families)
    }
  }

  /// A clinic with two dates of birth and a patient without one.
  private actor Born {
    static let shared = Born()
    private var making: Task<TestClinic, any Error>?

    func clinic() async throws -> TestClinic {
      if let making { return try await making.value }
      // Shared by the cases of the table; ends by itself.
      let task = Task {
        let clinic = try await TestClinic.make()
        for year in [1970, 1984] as [Int32] {
          try await clinic.patient(family: "\(year)") { $0.birthDate = Date(year: year, month: 5) }
        }
        try await clinic.patient(family: "unknown")
        return clinic
      }
      making = task
      return try await task.value
    }
  }
}
