@testable import ClinicCommands
import ClinicContracts
import ProtobufRuntime
import Synchronization
import Testing

@Suite("Lists as CSV")
struct CSVListTests {
  /// The rows of a CSV, by heading.
  static func rows(_ text: String) throws -> [[String: String]] {
    var bytes = Array(text.utf8)
    var reader = CSVReader {
      defer { bytes = [] }
      return bytes
    }
    guard case .row(_, let header)? = try reader.next() else { return [] }
    var rows: [[String: String]] = []
    while case .row(_, let fields)? = try reader.next() {
      rows.append(Dictionary(uniqueKeysWithValues: zip(header, fields)))
    }
    return rows
  }

  @Test("have the columns of the message, whatever the first page holds")
  func laterColumns() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      var patients = (1...3).map { Patient(patientID: "\($0)") }
      patients[2].gender = "woman"
      patients[2].contactPoints = [ContactPoint(kind: .phone, value: "7")]
      clinic.state.withLock { [patients] in $0.patients = patients }
      let list = await bench.run("patient", "list", "--all", "--page-size", "2", "-o", "csv")
      let rows = try Self.rows(list.output)
      #expect(rows.map { $0["patientId"] } == ["1", "2", "3"])
      #expect(rows.map { $0["gender"] } == ["", "", "woman"])
      #expect(rows[2]["contactPoints"]?.contains(#""value":"7""#) == true)
    }
  }

  @Test("have a header where there is nothing", arguments: [["--all"], []])
  func empty(_ words: [String]) async throws {
    try await TestClinic.with { (_, bench) async throws in
      let list = await bench.run(["patient", "list", "-o", "csv"] + words)
      #expect(list.status == .success)
      #expect(list.output == CSVColumns(of: Patient.self).heading)
      #expect(list.output.hasPrefix("patientId,"))
    }
  }

  @Test("have a column for every value of every list's elements")
  func complete() {
    let columns = CSVColumns(of: Appointment.self).names
    #expect(columns.contains("startTime"))
    #expect(Set(columns).count == columns.count)
    #expect(CSVColumns(of: Company.self).names.contains("settings.timeZone"))
  }

  @Test("profiles have the same columns, however many there are")
  func profiles() async throws {
    try await TemporaryFolder.with { (folder) async throws in
      let bench = CommandBench(home: folder + "/home")
      let none = await bench.run("profile", "list", "-o", "csv").output
      _ = await bench.run("profile", "set", "demo", "--server", "a:1")
      let one = await bench.run("profile", "list", "-o", "csv").output
      #expect(none.hasPrefix("name,current,servers,"))
      #expect(one.hasPrefix(none))
      #expect(try Self.rows(one).first?["servers"] == "a:1")
    }
  }

  @Test("a call that streams replies writes them as rows or records")
  func streams() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      clinic.state.withLock { $0.patients = CommandRunTests.patients }
      let csv = await bench.run("call", "ExportPatients", "-o", "csv")
      #expect(csv.status == .success)
      let rows = try Self.rows(csv.output)
      #expect(rows.count == 5)
      #expect(rows[4]["patients"]?.contains("0190-5") == true)
      let table = await bench.run("call", "ExportPatients", "-o", "table")
      #expect(table.output.split(separator: "\n\n").count == 5)
      #expect(table.output.hasPrefix("patients[0].patientId"))
    }
  }

  @Test(
    "an export has no other forms than its own",
    arguments: [
      ["-o", "yaml"], ["-o", "table"], ["--format", "csv", "-o", "json"],
      ["--format", "ndjson", "-o", "csv"]
    ])
  func exportForms(_ words: [String]) async throws {
    try await TestClinic.with { (_, bench) async throws in
      let refused = await bench.run(["patient", "export"] + words)
      #expect(refused.status == .usage)
      #expect(refused.output == "")
      #expect(
        refused.errors.contains("ndjson or csv") || refused.errors.contains("exclude each other"))
    }
  }
}
