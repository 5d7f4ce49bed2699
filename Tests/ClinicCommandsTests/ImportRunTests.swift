@testable import ClinicCommands
import ClinicContracts
import Glibc
import ProtobufRuntime
import Synchronization
import Testing

@Suite("Import and export against a server")
struct ImportRunTests {
  /// Runs `body` with the path of a file that holds `text`.
  static func withFile<Result>(
    _ text: String, isolation: isolated (any Actor)? = #isolation,
    _ body: (String) async throws -> Result
  ) async throws -> Result {
    try await TemporaryFolder.with { folder in
      try PrivateFiles.replace(folder + "/file.csv", with: text)
      return try await body(folder + "/file.csv")
    }
  }

  @Test("good rows go in, bad ones are reported with their lines, and the status is 3")
  func mixed() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      let text = """
        given,family,Date of birth,Shoe size
        Ann,Roe,1984-03-31,7
        Bob,Doe,yesterday,8
        "Cy
        ril",Poe,1990,9
        Dan,Refused,,
        ,,,
        Eve,Low
        Fay,Voe,,

        """
      try await Self.withFile(text) { path in
        let outcome = await bench.run("patient", "import", path)
        #expect(outcome.status == .partial)
        #expect(
          outcome.output == """
            Imported 3 patients, refused 3.
            LINE  FIELD        REASON        DESCRIPTION
               3  birth_date   DATE          'yesterday' is not a date as YYYY-MM-DD.
               6  name.family  TEST          No.
               8               COLUMN_COUNT  The row has 2 columns, and the header 4.

            """)
        #expect(outcome.errors == "Ignored columns: Shoe size\n")
        #expect(clinic.state.withLock { $0.imported.map(\.line) } == [2, 4, 6, 9])
        #expect(clinic.state.withLock { $0.imported[1].patient?.name?.given } == "Cy\nril")
        let json = await bench.run("patient", "import", path, "-o", "json")
        let report = try ImportPatientsResponse(jsonUTF8: Array(json.output.utf8))
        #expect(report.refusedCount == 3)
        #expect(report.createdCount == 3)
        #expect(json.output.contains("\"skippedCount\""))
      }
    }
  }

  @Test("with --atomic a row that is wrong by itself keeps the others out")
  func atomic() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      try await Self.withFile("given,family,dob\nAnn,Roe,\nBob,Doe,never\n") { path in
        let outcome = await bench.run("patient", "import", path, "--atomic")
        #expect(outcome.status == .partial)
        #expect(outcome.output.hasPrefix("Nothing went in: 1 rows are refused."))
        // The server only checked.
        #expect(
          clinic.state.withLock { $0.options } == ImportOptions(atomic: true, validateOnly: true))
        var bench = bench
        bench.input = "given,family,dob\nAnn,Roe,\nBob,Doe,never\nCy,Poe,\n"
        clinic.state.withLock { $0.imported = [] }
        let streamed = await bench.run("patient", "import", "-", "--atomic")
        #expect(streamed.status == .partial)
        #expect(clinic.state.withLock { $0.imported.isEmpty })
      }
    }
  }

  @Test("options reach the server")
  func options() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      try await Self.withFile("Surname;Geburtsdatum\nRoe;31.03.1984\n") { path in
        let outcome = await bench.run(
          "patient", "import", path, "--map", "birth_date=Geburtsdatum,name.family=Surname",
          "--date-format", "DD.MM.YYYY", "--set", "tags=imported", "--skip-existing",
          "--validate-only")
        #expect(outcome.status == .success, "\(outcome.errors)")
        #expect(outcome.output == "Would import 1 patients.\n")
        #expect(
          clinic.state.withLock { $0.options }
            == ImportOptions(validateOnly: true, skipExisting: true))
        #expect(
          clinic.state.withLock { $0.imported.first?.patient }
            == Patient(
              name: PersonName(family: "Roe"), birthDate: Date(year: 1984, month: 3, day: 31),
              tags: ["imported"]))
      }
    }
  }

  @Test(
    "a file that cannot be imported at all is refused with 2",
    arguments: ["", "a,b\n1,2\n", "\u{FEFF}", "\"given\n"])
  func unreadable(_ text: String) async throws {
    try await TestClinic.with { (_, bench) async throws in
      try await Self.withFile(text) { path in
        let outcome = await bench.run("patient", "import", path)
        #expect(outcome.status == .usage)
        #expect(outcome.errors.hasPrefix("Error: "))
      }
    }
  }

  @Test("an export as CSV comes back in an import as it was")
  func roundTrip() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      clinic.state.withLock { $0.patients = CommandRunTests.patients }
      try await TemporaryFolder.with { folder in
        let path = folder + "/out.csv"
        let export = await bench.run("patient", "export", "--format", "csv", "--to", path)
        #expect(export.status == .success, "\(export.errors)")
        #expect(export.errors == "Exported 5 patients.\n")
        #expect(PrivateFiles.mode(path) == 0o600)
        #expect(PrivateFiles.names(in: folder) == ["out.csv"])
        let outcome = await bench.run("patient", "import", path)
        #expect(outcome.status == .success, "\(outcome.output)\(outcome.errors)")
      }
      let expected = CommandRunTests.patients.map { patient in
        patient.with {
          $0.patientID = ""
          $0.state = .unspecified
          $0.etag = ""
        }
      }
      #expect(clinic.state.withLock { $0.imported.compactMap(\.patient) } == expected)
    }
  }

  @Test("an export as ndjson is one patient's JSON on a line")
  func ndjson() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      clinic.state.withLock { $0.patients = CommandRunTests.patients }
      let outcome = await bench.run("patient", "export")
      let patients = try outcome.output.split(separator: "\n").map {
        try Patient(jsonUTF8: Array($0.utf8))
      }
      #expect(patients == CommandRunTests.patients)
    }
  }

  /// The folder of real input, where it is there.
  static let sharedFolder: String? = {
    let variable = getenv("CLINIC_SHARED").map { String(cString: $0) }
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let candidates = [variable, "/" + root + "/../shared"].compactMap { $0 }
    return candidates.first { PrivateFiles.mode($0 + "/data/synthea/patients.csv") != nil }
  }()

  @Test(
    "the real export of Synthea goes in whole",
    .enabled(if: sharedFolder != nil, "no real input: set CLINIC_SHARED to its folder"))
  func synthea() async throws {
    let path = try #require(Self.sharedFolder) + "/data/synthea/patients.csv"
    try await TestClinic.with { (clinic, bench) async throws in
      let outcome = await bench.run("patient", "import", path)
      #expect(outcome.status == .success, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output == "Imported 113 patients.\n")
      #expect(outcome.errors == "")
      let rows = clinic.state.withLock { $0.imported }
      #expect(rows.map(\.line) == Array(2...114))
      for row in rows {
        let patient = try #require(row.patient)
        #expect(patient.validationErrors().isEmpty, "line \(row.line)")
        #expect(patient.birthDate != nil)
        #expect(patient.identifiers.first?.issuer == "synthea")
        #expect(patient.addresses.first?.countryCode == "US")
        #expect(patient.sex == .female || patient.sex == .male)
      }
      #expect(rows.contains { $0.patient?.name?.given == "José Emilio366" })
      #expect(rows.contains { $0.patient?.deceased == true && $0.patient?.deathDate != nil })
    }
  }
}
