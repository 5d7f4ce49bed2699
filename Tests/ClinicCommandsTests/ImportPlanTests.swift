import ClinicCommands
import Testing

@Suite("Import of patients from CSV")
struct ImportPlanTests {
  static let syntheaHeader =
    "Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,LAST,SUFFIX,MAIDEN,MARITAL,RACE,"
    + "ETHNICITY,GENDER,BIRTHPLACE,ADDRESS,CITY,STATE,COUNTY,ZIP,LAT,LON,HEALTHCARE_EXPENSES,"
    + "HEALTHCARE_COVERAGE"
  static let syntheaRow =
    "0a,1949-12-08,2011-05-02,999-12-4083,S99950194,X1234X,Mrs.,María José366,Rodríguez701,PhD,"
    + "Heathcote539,M,white,hispanic,F,Boston  MA  US,663 Frami Drive Apt 62,Somerville,"
    + "Massachusetts,Middlesex County,02144,42.4,-71.0,452265.48,3743.96"
  static let syntheaPatient =
    #"{"identifiers":[{"type":"IDENTIFIER_TYPE_OTHER","value":"0a","issuer":"synthea"},"#
    + #"{"type":"IDENTIFIER_TYPE_NATIONAL_ID","value":"999-12-4083","countryCode":"US"},"#
    + #"{"type":"IDENTIFIER_TYPE_DRIVING_LICENCE","value":"S99950194","countryCode":"US"},"#
    + #"{"type":"IDENTIFIER_TYPE_PASSPORT","value":"X1234X","countryCode":"US"}],"#
    + #""birthDate":{"year":1949,"month":12,"day":8},"#
    + #""deathDate":{"year":2011,"month":5,"day":2},"deceased":true,"#
    + #""name":{"prefix":"Mrs.","family":"Rodríguez701","suffix":"PhD","given":"María José366"},"#
    + #""otherNames":[{"family":"Heathcote539","use":"NAME_USE_BIRTH"}],"maritalStatus":"married","#
    + #""sex":"SEX_FEMALE","ethnicity":"white, hispanic","#
    + #""addresses":[{"lines":["663 Frami Drive Apt 62"],"#
    + #""city":"Somerville","region":"Massachusetts","postalCode":"02144","countryCode":"US"}]}"#

  static func fields(_ line: String) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  static func builder(
    _ header: [String], map: ColumnMap = ColumnMap(), reader: ValueReader = ValueReader()
  ) throws -> PatientRowBuilder {
    let plan = try ImportPlan(header: header, map: map, schema: PatientSchema.patient)
    return PatientRowBuilder(plan: plan, schema: PatientSchema.patient, reader: reader)
  }

  /// The members of an object in the order of their names, so that column order does not show.
  static func sorted(_ value: JSONValue) -> String {
    JSONValue.object(value.members.sorted { $0.name < $1.name }).compactText
  }

  @Test("Synthea's columns become a patient, digits and all")
  func synthea() throws {
    let builder = try Self.builder(Self.fields(Self.syntheaHeader))
    #expect(try builder.patient(Self.fields(Self.syntheaRow)).compactText == Self.syntheaPatient)
  }

  @Test("Synthea is understood in any column order, case and version", arguments: 0..<20)
  func syntheaOrder(_ seed: UInt64) throws {
    var generator = SplitMix(seed: seed)
    var columns =
      Array(
        zip(Self.fields(Self.syntheaHeader), Self.fields(Self.syntheaRow))) + [
        ("INCOME", "9"), ("FIPS", "25017")
      ]
    columns.shuffle(using: &generator)
    let header = columns.map { seed.isMultiple(of: 2) ? $0.0.lowercased() : $0.0 }
    let plan = try ImportPlan(header: header, schema: PatientSchema.patient)
    #expect(plan.source == .synthea)
    #expect(plan.ignored == [])
    let patient = try Self.builder(header).patient(columns.map(\.1))
    let expected = try JSONValue(parsing: Self.syntheaPatient)
    #expect(patient["name"]?.members.count == 4)
    #expect(patient["birthDate"] == expected["birthDate"])
    #expect(
      Set(patient["identifiers"]?.elements ?? []) == Set(expected["identifiers"]?.elements ?? []))
    #expect(patient["addresses"]?.elements.first?["countryCode"]?.text == "US")
    #expect(Set(patient.members.map(\.name)) == Set(expected.members.map(\.name)))
  }

  @Test("empty cells of Synthea leave no trace")
  func syntheaEmpty() throws {
    let builder = try Self.builder(Self.fields(Self.syntheaHeader))
    let patient = try builder.patient(Self.fields("1,2022-03-31,,,,,,Ann1,Lee2,,,,,,M,,,,,,,,,,"))
    #expect(
      patient.compactText
        == #"{"identifiers":[{"type":"IDENTIFIER_TYPE_OTHER","value":"1","issuer":"synthea"}],"#
        + #""birthDate":{"year":2022,"month":3,"day":31},"#
        + #""name":{"family":"Lee2","given":"Ann1"},"sex":"SEX_MALE"}"#
    )
  }

  @Test(
    "marital codes become words",
    arguments: [("M", "married"), ("S", "single"), ("d", "divorced"), ("W", "widowed"), ("X", "X")])
  func marital(_ code: String, _ word: String) {
    #expect(SyntheaColumns.maritalStatus(code) == word)
  }

  @Test("a map names any columns")
  func map() throws {
    var map = ColumnMap()
    try map.add(
      option: "birth_date=DOB,name.family=Surname, given = \"First, Name\",mobile=Cell,id:Acme=No")
    let builder = try Self.builder(
      ["No", "Surname", "First, Name", "DOB", "Cell", "Other"], map: map,
      reader: ValueReader(dateFormat: DateFormat("DD/MM/YYYY")))
    let patient = try builder.patient(["17", "Roe", "Jane", "31/03/1984", "+44 7700", "x"])
    #expect(
      Self.sorted(patient)
        == #"{"birthDate":{"year":1984,"month":3,"day":31},"#
        + #""contactPoints":[{"kind":"CONTACT_KIND_MOBILE","value":"+44 7700"}],"#
        + #""identifiers":[{"type":"IDENTIFIER_TYPE_OTHER","value":"17","issuer":"Acme"}],"#
        + #""name":{"family":"Roe","given":"Jane"}}"#
    )
  }

  @Test("a map adds to what Synthea's header says")
  func mapOverSynthea() throws {
    var map = ColumnMap()
    try map.add(option: "gender=COUNTY,tags=RACE")
    let builder = try Self.builder(Self.fields(Self.syntheaHeader), map: map)
    let patient = try builder.patient(Self.fields(Self.syntheaRow))
    #expect(patient["gender"]?.text == "Middlesex County")
    #expect(patient["tags"] == .array([.string("white")]))
    #expect(patient["ethnicity"]?.text == "hispanic")
  }

  @Test("a map adds to what usual headings say, and wins over it")
  func mapOverHeadings() throws {
    var map = ColumnMap()
    try map.add(option: "name.family=Married name,birth_date=Born,city=Place,mobile=Pager")
    let header = [
      "First name", "Surname", "Married name", "Born", "DOB", "Town", "Place", "Mobile", "Pager",
      "Shoe size"
    ]
    let plan = try ImportPlan(header: header, map: map, schema: PatientSchema.patient)
    #expect(plan.source == .headings)
    #expect(plan.ignored == ["Surname", "DOB", "Town", "Shoe size"])
    let patient = try Self.builder(header, map: map).patient(
      ["Ann", "Roe", "Smith", "1984-03-31", "1900-01-01", "York", "Leeds", "1", "2", "40"])
    #expect(
      Self.sorted(patient)
        == #"{"addresses":[{"city":"Leeds"}],"birthDate":{"year":1984,"month":3,"day":31},"#
        + #""contactPoints":[{"kind":"CONTACT_KIND_MOBILE","value":"1"},"#
        + #"{"kind":"CONTACT_KIND_MOBILE","value":"2"}],"#
        + #""name":{"family":"Smith","given":"Ann"}}"#)
  }

  @Test("a map can come from a file")
  func mapFile() throws {
    var map = ColumnMap()
    try map.add(file: "# ours\n\nbirth_date = Date of birth\r\nname.family=\"Sur\"\"name\"\n")
    #expect(
      map.entries == [
        .init(target: "birth_date", column: "Date of birth"),
        .init(target: "name.family", column: "Sur\"name")
      ])
  }

  @Test(
    "a wrong map is refused", arguments: ["birth_date", "=DOB", "birth_date=", "a=\"b", "a=\"b\"c"])
  func wrongMap(_ text: String) {
    var map = ColumnMap()
    #expect(throws: CommandFailure.self) { try map.add(option: text) }
  }

  @Test(
    "a map of an unknown column or value says what may be meant",
    arguments: [
      ("name.family=Surnmae", "did you mean 'Surname'?"),
      ("name.famly=Surname", "did you mean 'family'?"),
      ("birth_dat=DOB", "did you mean 'birth_date'?")
    ])
  func misspeltMap(_ text: String, _ hint: String) throws {
    var map = ColumnMap()
    try map.add(option: text)
    let error = #expect(throws: CommandFailure.self) {
      try ImportPlan(header: ["Surname", "DOB"], map: map, schema: PatientSchema.patient)
    }
    #expect(error?.hint == hint)
  }

  @Test("usual headings need no map")
  func headings() throws {
    let plan = try ImportPlan(
      header: ["First Name", "Surname", "D.O.B.", "Shoe size"], schema: PatientSchema.patient)
    #expect(plan.source == .headings)
    #expect(plan.columns.count == 3)
    #expect(plan.ignored == ["Shoe size"])
  }

  @Test("a file whose columns nobody knows is refused with a hint")
  func unknown() {
    let error = #expect(throws: CommandFailure.self) {
      try ImportPlan(header: ["a", "b"], schema: PatientSchema.patient)
    }
    #expect(error?.status == .usage)
    #expect(error?.hint?.contains("--map") == true)
  }

  @Test("an export of the tool comes back as it was")
  func ownExport() throws {
    let patient = try JSONValue(
      parsing:
        #"{"patientId":"1","name":{"given":"José","family":"Roe"},"#
        + #""birthDate":{"year":1984,"month":3},"sex":"SEX_FEMALE","#
        + #""identifiers":[{"type":"IDENTIFIER_TYPE_PASSPORT","value":"7","countryCode":"GB"}],"#
        + #""tags":["a","b"],"etag":"5"}"#
    )
    let cells = CSVWriter.cells(of: patient)
    let builder = try Self.builder(cells.map(\.column))
    let back = try builder.patient(cells.map(\.text))
    var expected = patient
    expected = .object(patient.members.filter { $0.name != "patientId" && $0.name != "etag" })
    #expect(back == expected)
  }

  @Test("a row with a wrong value or count of columns is a problem of that row")
  func badRows() throws {
    let builder = try Self.builder(["given", "birth_date"])
    #expect(throws: FieldProblem.self) { try builder.patient(["Ann"]) }
    let error = #expect(throws: FieldProblem.self) { try builder.patient(["Ann", "yesterday"]) }
    #expect(error?.field == "birth_date")
  }
}

/// A small random generator with a seed.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
