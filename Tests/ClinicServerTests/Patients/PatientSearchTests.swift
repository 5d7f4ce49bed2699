import ClinicClient
import ClinicContracts
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@testable import ClinicServer

@Suite("The search for patients")
struct PatientSearchTests {
  private actor Directory {
    static let shared = Directory()
    private var making: Task<TestClinic, any Error>?

    func clinic() async throws -> TestClinic {
      if let making { return try await making.value }
      // Shared by the cases of the table; ends by itself.
      let task = Task {
        let clinic = try await TestClinic.make()
        try await clinic.patient(given: "José Emilio", family: "Rodríguez") {
          $0.birthDate = Date(year: 1984, month: 3, day: 31)
          $0.contactPoints = [
            ContactPoint(kind: .mobile, value: "07700 900123"),
            ContactPoint(kind: .email, value: "Jose.R@example.org")
          ]
          $0.identifiers = [Identifier(type: .nhsNumber, value: "9434765919")]
        }
        try await clinic.patient(given: "Catherine", family: "Heathcote") {
          $0.otherNames = [PersonName(family: "Smith", use: .birth)]
        }
        try await clinic.patient(given: "Søren", family: "Ångström")
        try await clinic.patient(given: "伟", family: "王")
        for number in 0..<30 { try await clinic.patient(given: "Pat\(number)", family: "Walker") }
        return clinic
      }
      making = task
      return try await task.value
    }
  }

  @Test(
    "finds the right one first",
    arguments: [
      ("rodriguez", "Rodríguez", MatchReason.name),
      ("JOSE rodriguez", "Rodríguez", .name),
      ("Rodrigues", "Rodríguez", .similarName),
      ("Rodirguez", "Rodríguez", .similarName),
      ("07700900123", "Rodríguez", .phone),
      ("+44 7700 900 123", "Rodríguez", .phone),
      ("900123 rodriguez", "Rodríguez", .name),
      ("jose.r@EXAMPLE.org", "Rodríguez", .email),
      ("943 476 5919", "Rodríguez", .identifier),
      ("1984-03-31", "Rodríguez", .birthDate),
      ("31/03/1984", "Rodríguez", .birthDate),
      ("000002", "Heathcote", .identifier),
      ("Kathryn Heathcote", "Heathcote", .name),
      ("Hethcote", "Heathcote", .similarName),
      ("smith", "Heathcote", .name),
      ("angstrom", "Ångström", .name),
      ("soren", "Ångström", .name),
      ("王", "王", .name),
      ("Heath", "Heathcote", .similarName)
    ])
  func finds(query: String, family: String, reason: MatchReason) async throws {
    let clinic = try await Directory.shared.clinic()
    let reply = try await clinic.admin.patients.search(SearchPatientsRequest(query: query))
    let first = try #require(reply.matches.first, "nothing for \(query)")
    #expect(first.patient?.name?.family == family)
    #expect(first.reasons.contains(reason), "\(first.reasons)")
    #expect((0...1).contains(first.score))
  }

  @Test("finds nobody of another clinic, and nobody for a name that is nobody's")
  func findsNobody() async throws {
    let clinic = try await Directory.shared.clinic()
    let other = try await TestClinic.make()
    let foreign = try await other.admin.patients.search(SearchPatientsRequest(query: "rodriguez"))
    #expect(foreign.matches.isEmpty)
    let nobody = try await clinic.admin.patients.search(SearchPatientsRequest(query: "Zzyzx"))
    #expect(nobody.matches.isEmpty)
  }

  @Test(
    "finds the one whom all words fit among many whom one word fits, while they are typed",
    arguments: ["john smi", "john smit", "john smith", "smi john", "jhon smith", "smith john 1984"])
  func crowd(query: String) async throws {
    let clinic = try await Crowd.shared.clinic()
    let reply = try await clinic.admin.patients.search(SearchPatientsRequest(query: query))
    let best = reply.matches.prefix(3).compactMap(\.patient?.name?.family)
    #expect(best.contains("Smith"), "\(best)")
  }

  /// A clinic of 900 Johns and 300 others who begin as the one looked for.
  private actor Crowd {
    static let shared = Crowd()
    private var making: Task<TestClinic, any Error>?

    func clinic() async throws -> TestClinic {
      if let making { return try await making.value }
      // Shared by the cases of the table; ends by itself.
      let task = Task {
        let clinic = try await TestClinic.make()
        var generator = SeededGenerator(seed: 7)
        func word() -> String {
          String(
            (0..<7).map { _ in Character(UnicodeScalar(97 + UInt8(generator.next(below: 22)))) })
        }
        var names = (0..<900).map { _ in ("John", word().capitalized) }
        names += (0..<300).map { _ in (word().capitalized, "Smi" + word()) }
        names.append(("John", "Smith"))
        let rows = names.enumerated().map { index, name in
          ImportPatientsRequest(
            part: .row(
              ImportRow(
                line: Int64(index),
                patient: Patient(name: PersonName(given: name.0, family: name.1)))))
        }
        _ = try await clinic.admin.patients.import { writer in
          try await writer.write(ImportPatientsRequest(part: .options(ImportOptions())))
          try await writer.write(contentsOf: rows)
        }
        return clinic
      }
      making = task
      return try await task.value
    }
  }

  @Test("gives the best matches first, and no more than asked for")
  func ranks() async throws {
    let clinic = try await Directory.shared.clinic()
    let reply = try await clinic.admin.patients.search(
      SearchPatientsRequest(query: "Pat7 Walker", pageSize: 5))
    #expect(reply.matches.count == 5)
    #expect(reply.matches.first?.patient?.name?.given == "Pat7")
    #expect(zip(reply.matches, reply.matches.dropFirst()).allSatisfy { $0.score >= $1.score })
  }
}
