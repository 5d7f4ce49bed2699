@testable import ClinicCommands
import ClinicContracts
import ProtobufRuntime
import Synchronization
import Testing

@Suite("Commands against a server")
struct CommandRunTests {
  static let patients = (1...5).map { number in
    Patient(
      patientID: "0190-\(number)", recordNumber: "R\(number)",
      name: PersonName(given: "José", family: "山田\(number)"),
      birthDate: Date(year: 1984, month: 3, day: 31), sex: .female,
      identifiers: [Identifier(type: .passport, value: "\"7\", eight", issuer: "GB")],
      tags: ["a", "b"], state: .active, etag: "\(number)")
  }

  @Test("login keeps profile and credentials for their owner, and shows no token")
  func login() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let store = ProfileStore(home: bench.variables["CLINICCTL_HOME"] ?? "")
      #expect(store.names() == ["demo"])
      #expect(PrivateFiles.mode(store.credentialsFile(of: "demo")) == 0o600)
      #expect(try store.profile("demo")?.company == "demo")
      var bench = bench
      bench.input = "correct horse\n"
      let json = await bench.run("login", "--password-stdin", "-o", "json")
      #expect(json.status == .success)
      #expect(!json.output.contains("access-"))
      #expect(json.errors.contains("change-password"))
    }
  }

  @Test("a wrong password ends with 4 and keeps no new profile")
  func wrongPassword() async throws {
    try await TestClinic.with { (_, bench) async throws in
      var bench = bench
      bench.passwords = ["wrong"]
      let outcome = await bench.run(
        "login", "--profile", "other", "--server", "127.0.0.1:1", "--company", "demo", "--email",
        "a@b.example")
      #expect(outcome.status == .unauthenticated)
      #expect(outcome.errors.contains("LOGIN_FAILED"))
      #expect(ProfileStore(home: bench.variables["CLINICCTL_HOME"] ?? "").names() == ["demo"])
    }
  }

  @Test("logout forgets the credentials, and the next command says how to log in")
  func logout() async throws {
    try await TestClinic.with { (_, bench) async throws in
      #expect(await bench.run("logout").status == .success)
      let outcome = await bench.run("--profile", "demo", "whoami")
      #expect(outcome.status == .unauthenticated)
      #expect(outcome.errors.contains("clinicctl login --profile demo"))
    }
  }

  @Test("whoami shows the account and the clinic")
  func whoami() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let outcome = await bench.run("whoami")
      #expect(
        outcome.output == """
          Name         Ann
          E-mail       ann@demo.example
          Account      1
          Clinic       Demo Clinic, demo
          Session      s
          Permissions  patients.read

          """)
    }
  }

  @Test("a list is shown in every format", arguments: OutputFormat.allCases)
  func formats(_ format: OutputFormat) async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      clinic.state.withLock { $0.patients = Array(Self.patients.prefix(2)) }
      let outcome = await bench.run("patient", "list", "-o", format.rawValue)
      #expect(outcome.status == .success)
      switch format {
      case .table:
        #expect(
          outcome.output == """
            ID      RECORD  NAME        BORN        SEX     CITY  STATE
            0190-1  R1      José 山田1  1984-03-31  female        active
            0190-2  R2      José 山田2  1984-03-31  female        active

            """)
      case .json:
        let reply = ListPatientsResponse(patients: Array(Self.patients.prefix(2)))
        #expect(try JSONValue(parsing: outcome.output) == reply.jsonValue())
      case .yaml:
        #expect(outcome.output.hasPrefix("patients:\n  - patientId: \"0190-1\"\n"))
      case .csv:
        #expect(
          outcome.output.hasPrefix("patientId,recordNumber,name.text,name.given,name.family,"))
        #expect(outcome.output.split(separator: "\r\n").count == 3)
      }
    }
  }

  @Test("all pages make one document in every format", arguments: OutputFormat.allCases)
  func allPages(_ format: OutputFormat) async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      clinic.state.withLock { $0.patients = Self.patients }
      let paged = await bench.run(
        "patient", "list", "--all", "--page-size", "2", "-o", format.rawValue)
      let whole = await bench.run("patient", "list", "--all", "-o", format.rawValue)
      #expect(paged.output == whole.output)
      #expect(paged.output.contains("0190-5"))
      if format == .json {
        #expect(try JSONValue(parsing: paged.output)["patients"]?.elements.count == 5)
      }
      clinic.state.withLock { $0.patients = [] }
      let none = await bench.run("patient", "list", "--all", "-o", format.rawValue)
      #expect(none.status == .success)
      if format == .json { #expect(try JSONValue(parsing: none.output)["patients"] == .array([])) }
    }
  }

  @Test("one page says how to go on")
  func nextPage() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      clinic.state.withLock { $0.patients = Self.patients }
      let outcome = await bench.run("patient", "list", "--page-size", "2")
      #expect(outcome.errors.contains("--page-token 2"))
      #expect(await bench.run("patient", "list", "--page-size", "2", "-q").errors == "")
    }
  }

  @Test("a failed call ends with its own status, the reason, the request id and a hint")
  func failures() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let missing = await bench.run("patient", "get", "0190-0000")
      #expect(missing.status == .invalid || missing.status == .notFound)
      let stale = await bench.run(
        "patient", "update", "01900000-0000-7000-8000-000000000001", "--family", "Roe", "--etag",
        "stale")
      #expect(stale.status == .conflict)
      #expect(stale.errors.contains("ABORTED, ETAG_MISMATCH"))
      #expect(stale.errors.contains("request id: "))
      #expect(stale.errors.contains("Hint: "))
      #expect(stale.output == "")
    }
  }

  @Test("field violations are shown one on a line")
  func violations() async throws {
    try await TestClinic.with { (_, bench) async throws in
      let outcome = await bench.run("call", "GetPatient", #"{"patientId": "x"}"#)
      #expect(outcome.status == .invalid)
      #expect(outcome.errors.contains("\n  patient_id: "))
    }
  }

  @Test("deleting asks, refuses without a terminal, and goes ahead with --yes")
  func confirmation() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      let id = "01900000-0000-7000-8000-000000000001"
      clinic.state.withLock { $0.patients = [Patient(patientID: id)] }
      let words = ["patient", "delete", id, "--reason", "duplicate"]
      #expect(await bench.run(words).status == .declined)
      var terminal = bench
      terminal.isTerminal = true
      terminal.input = "n\n"
      #expect(await terminal.run(words).status == .declined)
      #expect(clinic.state.withLock { $0.patients.count } == 1)
      terminal.input = "yes\n"
      #expect(await terminal.run(words).status == .success)
      #expect(clinic.state.withLock { $0.patients.isEmpty })
      #expect(await bench.run(words + ["--yes"]).status == .success)
    }
  }

  @Test("a call by descriptor shows the reply's JSON")
  func call() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      let id = "01900000-0000-7000-8000-000000000001"
      clinic.state.withLock { $0.patients = [Patient(patientID: id, recordNumber: "7")] }
      for request in [#"{"patientId": "\#(id)"}"#, "-"] {
        var bench = bench
        bench.input = #"{"patientId": "\#(id)"}"#
        let outcome = await bench.run("call", "clinic.v1.PatientService/GetPatient", request)
        #expect(
          try JSONValue(parsing: outcome.output)
            == GetPatientResponse(patient: Patient(patientID: id, recordNumber: "7")).jsonValue())
      }
    }
  }

  @Test("a call that streams replies writes one on a line")
  func callServerStream() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      clinic.state.withLock { $0.patients = Self.patients }
      let outcome = await bench.run("call", "ExportPatients")
      #expect(outcome.status == .success)
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.count == 5)
      #expect(try JSONValue(parsing: lines[0])["patients"]?.elements.count == 1)
    }
  }

  @Test("a call that streams requests reads one from a line")
  func callClientStream() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      var bench = bench
      bench.input =
        #"{"options":{"atomic":true}}"# + "\n\n" + #"{"row":{"line":"2"}}"# + "\r\n"
        + #"{"row":{"line":3}}"#
      let outcome = await bench.run("call", "ImportPatients")
      #expect(outcome.status == .success, "\(outcome.errors)")
      #expect(clinic.state.withLock { $0.imported.map(\.line) } == [2, 3])
      #expect(clinic.state.withLock { $0.options } == ImportOptions(atomic: true))
    }
  }

  @Test("processes that share a profile spend a refresh token once")
  func sharedProfile() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      let store = ProfileStore(home: bench.variables["CLINICCTL_HOME"] ?? "")
      let stale = Credentials(accessToken: "stale", refreshToken: "refresh-1")
      try PrivateFiles.replace(
        store.credentialsFile(of: "demo"), with: stale.jsonValue().compactText)
      // Each command has a client and a store of its own, as another process would.
      let results = await withTaskGroup(of: CommandStatus.self) { group in
        for _ in 0..<6 { group.addTask { await bench.run("whoami").status } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(results == Array(repeating: .success, count: 6))
      #expect(clinic.state.withLock { $0.refreshes } == 1)
    }
  }
}
