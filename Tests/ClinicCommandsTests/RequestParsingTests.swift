@testable import ClinicCommands
import ArgumentParser
import ClinicContracts
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Requests from command lines")
struct RequestParsingTests {
  static func context(input: String = "") throws -> CommandContext {
    let environment = CommandEnvironment(
      variables: [:], input: TestInput(input), output: TestOutput(), errors: TestOutput(),
      askSecret: { _ in "" }, now: { 0 }, makeIdentifier: { "id" })
    return CommandContext(environment: environment, globals: try GlobalOptions.parse([]))
  }

  static func update(
    _ words: [String], input: String = "", stored: Patient? = nil
  ) throws -> UpdatePatientRequest {
    let command = try #require(
      try CommandLineTool.parse(["patient", "update", "7"] + words) as? PatientUpdateCommand)
    let context = try context(input: input)
    return try command.message(
      context, object: PatientDraft.object(command.values, context: context), stored: stored)
  }

  @Test(
    "an update's mask holds what was given, and nothing else",
    arguments: [
      (["--family", "Roe"], ["name.family"]),
      (["--family", "Roe", "--birth-date", "1984"], ["name.family", "birth_date"]),
      (["--phone", "1", "--email", "a@b.example"], ["contact_points"]),
      (["--gender", ""], ["gender"]),
      (["--set", "birth_date=", "--set", "name.given=Ann"], ["birth_date", "name.given"]),
      (["--set", "identifiers[0].value=7"], ["identifiers"]),
      (["--tag", "a", "--tag", "b"], ["tags"]),
      (["--city", "Leeds"], ["addresses"])
    ])
  func mask(_ words: [String], _ paths: [String]) throws {
    #expect(try Self.update(words).updateMask?.paths == paths)
  }

  @Test("an update carries values, etag and request id")
  func update() throws {
    let request = try Self.update([
      "--family", "Roe", "--birth-date", "1984-03", "--sex", "f", "--etag", "5", "--tag", "vip",
      "--identifier", "passport:C01X00T47:GB", "--nhs-number", "943 476 5919", "--validate-only"
    ])
    #expect(request.patientID == "7")
    #expect(request.requestID == "id")
    #expect(request.validateOnly)
    let patient = try #require(request.patient)
    #expect(patient.etag == "5")
    #expect(patient.name?.family == "Roe")
    #expect(patient.birthDate == Date(year: 1984, month: 3))
    #expect(patient.sex == .female)
    #expect(patient.tags == ["vip"])
    #expect(
      patient.identifiers == [
        Identifier(type: .nhsNumber, value: "943 476 5919"),
        Identifier(type: .passport, value: "C01X00T47", countryCode: "GB")
      ])
  }

  @Test("JSON makes the mask from its members, and leaves out what the server gives")
  func json() throws {
    let request = try Self.update(
      ["--json", "-"],
      input: """
        {"patient": {"patientId": "7", "name": {"family": "Roe", "given": "Ann"},
          "state": "PATIENT_STATE_ACTIVE", "birthDate": {"year": 1984}, "tags": [],
          "createTime": "2026-01-01T00:00:00Z", "etag": "9"}}
        """)
    #expect(request.updateMask?.paths == ["name.family", "name.given", "birth_date", "tags"])
    #expect(request.patient?.etag == "9")
    #expect(request.patient?.birthDate == Date(year: 1984))
  }

  @Test("flags win over JSON, and --set over flags")
  func precedence() throws {
    let request = try Self.update(
      ["--json", "-", "--family", "Two", "--set", "name.given=Three"],
      input: #"{"name": {"family": "One", "given": "One"}}"#)
    #expect(request.patient?.name == PersonName(given: "Three", family: "Two"))
  }

  @Test(
    "values that do not fit are refused before anything is sent",
    arguments: [
      ["--sex", "x"], ["--birth-date", "31/03/1984"], ["--set", "nmae.family=x"],
      ["--identifier", "passport"],
      ["--set", "deceased=perhaps"], []
    ])
  func refusals(_ words: [String]) {
    let error = #expect(throws: CommandFailure.self) { try Self.update(words) }
    #expect(error?.status == .usage)
  }

  @Test("JSON that does not fit the contract is refused")
  func wrongJSON() {
    for json in [#"{"nmae": {}}"#, "[1]", "{", #"{"sex": 1.5}"#] {
      #expect(throws: CommandFailure.self) { try Self.update(["--json", "-"], input: json) }
    }
  }

  @Test("filters become a filter")
  func filter() throws {
    let words = [
      "patient", "list", "--state", "archived", "--tag", "a", "--born-from", "1980", "--sex",
      "male",
      "--deceased", "no", "--family", "Ro", "--order", "birth-date"
    ]
    let command = try #require(try CommandLineTool.parse(words) as? PatientListCommand)
    #expect(
      try command.filter.filter()
        == PatientFilter(
          state: .archived, tags: ["a"], bornFrom: Date(year: 1980), sex: .male, deceased: false,
          familyNamePrefix: "Ro"))
    #expect(command.order.order == .birthDate)
  }

  @Test("no filter is no filter")
  func noFilter() throws {
    let command = try #require(
      try CommandLineTool.parse(["patient", "list"]) as? PatientListCommand)
    #expect(try command.filter.filter() == nil)
  }

  @Test("settings become a mask of paths, and hours one interval a day")
  func settings() throws {
    let words = [
      "company", "settings", "set", "--time-zone", "Europe/Paris", "--open", "mon-tue 09:00-17:30",
      "--open", "saturday 10:00-24:00", "--etag", "3"
    ]
    let command = try #require(try CommandLineTool.parse(words) as? CompanySettingsSetCommand)
    let request = try command.message(Self.context())
    #expect(request.updateMask?.paths == ["settings.time_zone", "settings.opening_hours"])
    #expect(
      request.company?.settings?.openingHours == [
        OpeningHours(
          dayOfWeek: .monday, opens: LocalTime(hours: 9), closes: LocalTime(hours: 17, minutes: 30)),
        OpeningHours(
          dayOfWeek: .tuesday, opens: LocalTime(hours: 9), closes: LocalTime(hours: 17, minutes: 30)
        ),
        OpeningHours(
          dayOfWeek: .saturday, opens: LocalTime(hours: 10), closes: LocalTime(hours: 24))
      ])
    #expect(request.company?.etag == "3")
  }

  @Test(
    "opening hours that make no sense are none",
    arguments: [
      "", "mon", "mon 9-17", "fri-mon 09:00-17:00", "mo 09:00-17:00", "mon 09:00-24:30", "mon 09:00"
    ])
  func hours(_ text: String) {
    #expect(OpeningHoursText.json(text) == nil)
  }
}

@Suite("Contract catalogue")
struct ContractCatalogueTests {
  @Test("knows every enum and message that a field has")
  func complete() {
    let catalogue = ContractCatalogue.shared
    for message in catalogue.messages {
      for field in message.fields {
        switch field.kind {
        case .enumeration:
          #expect(catalogue.enumeration(field.typeName) != nil, "\(field.typeName)")
        case .message:
          #expect(catalogue.message(field.typeName) != nil, "\(field.typeName)")
        default: break
        }
      }
    }
  }

  @Test(
    "finds a method by its path, without its package, by its name",
    arguments: [
      "clinic.v1.PatientService/GetPatient", "PatientService/GetPatient",
      "PatientService.GetPatient",
      "GetPatient", "getpatient"
    ])
  func methods(_ name: String) throws {
    #expect(try ContractCatalogue.shared.method(name).path == "clinic.v1.PatientService/GetPatient")
  }

  @Test("suggests the method that was meant")
  func suggestion() {
    let error = #expect(throws: CommandFailure.self) {
      try ContractCatalogue.shared.method("GetPateint")
    }
    #expect(error?.hint == "did you mean 'GetPatient'?")
  }

  @Test("describes every part of the contracts, as text and as JSON")
  func describe() throws {
    let catalogue = ContractCatalogue.shared
    let text = ContractText(isColored: false, width: 100)
    for name in catalogue.names {
      let subject = try catalogue.subject(name)
      #expect(text.document(subject).contains(name), "\(name)")
      #expect(subject.json["name"]?.text == name || subject.json["path"]?.text == name, "\(name)")
    }
  }

  @Test("the describe command shows a message's fields, rules and comments")
  func describeCommand() async {
    let bench = CommandBench(home: "/nonexistent")
    let outcome = await bench.run("describe", "session")
    #expect(outcome.status == .success)
    #expect(
      outcome.output.hasPrefix(
        """
        message clinic.v1.Session
          A login on one device.

          session_id: string = 1  (format uuid)
            The session's id (UUIDv7).

        """))
    let json = await bench.run("describe", "GetPatient", "-o", "json")
    #expect(json.output.contains("\"permissions\": [\n    \"patients.read\"\n  ]"))
    let both = await bench.run("describe", "CreateCalendarFeed")
    #expect(both.output.contains("calendar_feeds.write and appointments.read"))
    let csv = await bench.run("describe", "PersonName", "-o", "csv")
    #expect(csv.output.contains("family,family,string"))
    let none = await bench.run("describe", "Pateint")
    #expect(none.status == .usage)
    #expect(none.errors.contains("did you mean 'Patient'?"))
  }

  @Test("every value of an export is a column that an import knows")
  func exportColumns() throws {
    let columns = CSVColumns(of: Patient.self).names
    for column in columns { _ = try FieldPath(column).resolved(in: .patient) }
    #expect(columns.contains("name.family"))
    #expect(columns.contains("birthDate"))
  }
}
