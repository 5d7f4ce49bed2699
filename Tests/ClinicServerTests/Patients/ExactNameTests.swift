import ClinicClient
import ClinicContracts
import Foundation
import Logging
import PostgresClient
import ProtobufRuntime
import TestSupport
import Testing

@testable import ClinicServer

@Suite("Exact names among many similar ones")
struct ExactNameTests {
  @Test(
    "those whom every word fits stand before all who are only alike",
    arguments: ["Jonson", "jonson", "Petra Jonson", "jonson petra", "Jonson petra petra"])
  func namesakes(query: String) async throws {
    let clinic = try await Namesakes.shared.clinic()
    let reply = try await clinic.admin.patients.search(SearchPatientsRequest(query: query))
    let first = reply.matches.prefix(2)
    #expect(Set(first.compactMap(\.patient?.name?.family)) == ["Jonson", "Jonson12"])
    #expect(first.allSatisfy { $0.score == 1 })
    #expect(reply.matches.count == 20)
    #expect(reply.matches.dropFirst(2).allSatisfy { $0.score < 1 })
  }

  @Test("a name that hundreds have fills the answer, and a number still finds its one")
  func crowd() async throws {
    let clinic = try await Namesakes.shared.clinic()
    let many = try await clinic.admin.patients.search(
      SearchPatientsRequest(query: "johnson", pageSize: 100))
    #expect(many.matches.count == 100)
    #expect(many.matches.allSatisfy { $0.score == 1 && $0.reasons == [.name] })
    let one = try await clinic.admin.patients.search(
      SearchPatientsRequest(query: "johnson 1984-03-31"))
    #expect(one.matches.first?.patient?.birthDate == Date(year: 1984, month: 3, day: 31))
  }

  @Test("an archive of namesakes hides nobody who is there")
  func archive() async throws {
    let clinic = try await TestClinic.make()
    let rows = (0..<600).map { number in
      let patient = Patient(name: PersonName(given: "Mara", family: "Lindqvist"))
      return ImportPatientsRequest(
        part: .row(ImportRow(line: Int64(number + 2), patient: patient)))
    }
    _ = try await clinic.admin.patients.import { writer in
      try await writer.write(ImportPatientsRequest(part: .options(ImportOptions())))
      try await writer.write(contentsOf: rows)
    }
    let one = try #require(
      try await clinic.admin.patients.list(ListPatientsRequest(pageSize: 1)).patients.first)
    let id = try #require(UUID(uuidString: one.patientID))
    _ = try await clinic.server.inspect(
      """
      update clinic.patients p set state = 2 from clinic.patients o
      where o.id = \(id) and p.company_id = o.company_id and p.id <> o.id
      """)
    for query in ["Lindqvist", "mara lindqvist", "Lindkvist", "Lindqvits"] {
      let found = try await clinic.admin.patients.search(SearchPatientsRequest(query: query))
      #expect(found.matches.map(\.patient?.patientID) == [one.patientID], "\(query)")
    }
  }

  @Test("a new name is found at once, and the old one no more")
  func renamed() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient(given: "Ada", family: "Quimby")
    _ = try await clinic.admin.patients.update(
      UpdatePatientRequest(
        patientID: patient.patientID, patient: Patient(name: PersonName(family: "Tarrow")),
        updateMask: FieldMask(paths: ["name.family"])))
    func score(_ query: String) async throws -> Double {
      try await clinic.admin.patients.search(SearchPatientsRequest(query: query))
        .matches.first?.score ?? 0
    }
    #expect(try await score("Tarrow") == 1)
    #expect(try await score("Quimby") == 0)
  }

  @Test("patients of before are found by their words once the database is migrated")
  func migration() async throws {
    // The roles are the cluster's, and made by the server.
    _ = try await ClinicTestServer.shared.running()
    let url = try await TestPostgres.shared.makeDatabase("words")
    let logger = Logger(label: "words", factory: { _ in SwiftLogNoOpLogHandler() })
    let all = try Migrations.migrator()
    let older = try Migrator(all.migrations.filter { $0.number < 15 })
    let (first, second) = (UUIDv7.make(), UUIDv7.make())
    try await DatabaseSetup.withClient(url, logger: logger) { client in
      try await client.withConnection {
        try await $0.executeScript(
          """
          create schema clinic authorization clinic_owner;
          create extension pg_trgm with schema public;
          create extension btree_gin with schema public;
          do $$ begin
            execute format('grant create on database %I to clinic_owner', current_database());
          end $$;
          """)
      }
    }
    _ = try await DatabaseSetup.withClient(
      url, as: Migrations.sessionSettings, logger: logger
    ) { try await older.migrate($0).count }
    let keys = try await DatabaseSetup.withClient(url, logger: logger) { client in
      for (company, name) in [(first, "roe jonson12 ann"), (second, "山田")] {
        _ = try await client.query(
          """
          insert into clinic.companies (company_id, slug, name, time_zone, currency_code, locale,
            country_code)
          values (\(company), \(company.text), 'C', 'UTC', 'EUR', 'en', 'GB') returning slug
          """)
        _ = try await client.query(
          """
          insert into clinic.patients (company_id, id, record_number, sort_name, search_names)
          values (\(company), \(company), '1', '', \(name)) returning id
          """)
      }
      _ = try await DatabaseSetup.withClient(
        url, as: Migrations.sessionSettings, logger: logger
      ) { try await all.migrate($0).count }
      let rows = try await client.query(
        "select company_id, key from clinic.patient_keys order by key")
      return try (0..<rows.count).map { index in
        [try rows[index].decode(0, as: UUID.self).text, try rows[index].decode(1, as: String.self)]
      }
    }
    #expect(
      keys
        == ["w:ann", "w:jonson", "w:jonson12", "w:roe"].map { [first.text, $0] }
        + [[second.text, "w:山田"]])
  }

  /// A clinic of a thousand Johnsons and, last of all, two Jonsons.
  private actor Namesakes {
    static let shared = Namesakes()
    private var making: Task<TestClinic, any Error>?

    func clinic() async throws -> TestClinic {
      if let making { return try await making.value }
      // Shared by the cases of the table; ends by itself.
      let task = Task {
        let clinic = try await TestClinic.make()
        var patients = (0..<1_000).map { number in
          Patient(
            name: PersonName(given: "Petra", family: "Johnson"),
            birthDate: Date(year: 1900 + Int32(number % 80)))
        }
        patients[900].birthDate = Date(year: 1984, month: 3, day: 31)
        for family in ["Jonson", "Jonson12"] {
          patients.append(Patient(name: PersonName(given: "Petra", family: family)))
        }
        let rows = patients.enumerated().map { index, patient in
          ImportPatientsRequest(part: .row(ImportRow(line: Int64(index + 2), patient: patient)))
        }
        let reply = try await clinic.admin.patients.import { writer in
          try await writer.write(ImportPatientsRequest(part: .options(ImportOptions())))
          try await writer.write(contentsOf: rows)
        }
        #expect(reply.createdCount == 1_002)
        return clinic
      }
      making = task
      return try await task.value
    }
  }
}
