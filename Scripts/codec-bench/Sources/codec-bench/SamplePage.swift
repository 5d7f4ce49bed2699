import ClinicContracts
import ProtobufRuntime

/// A page of patients as a clinic's list shows them: the shape of the Synthea export, from a fixed
/// seed.
enum SamplePage {
  static func make(count: Int = 50, seed: UInt64 = 20_240_229) -> ListPatientsResponse {
    var random = SplitMix(state: seed)
    return ListPatientsResponse(
      patients: (0..<count).map { _ in patient(&random) },
      nextPageToken: "AZDkq0p1c7yNn2c0uXJmVwABAAAAAAAAMg")
  }

  private static func patient(_ random: inout SplitMix) -> Patient {
    let given = pick(["Marcelina", "José Emilio", "Guadalupe", "Ashlee", "Zoë", "Wei"], &random)
    let family = pick(["Heathcote", "Longoria", "Müller", "O'Connell", "Nguyễn"], &random)
    let created = Timestamp(
      seconds: 1_690_000_000 + Int64(random.next() % 40_000_000),
      nanos: Int32(random.next() % 1_000_000) * 1_000)
    return Patient.with {
      $0.patientID = uuid(&random)
      $0.recordNumber = "MRN-" + digits(7, &random)
      $0.name = PersonName(given: given, family: family, prefix: "Ms.", use: .official)
      if random.next() % 3 == 0 { $0.otherNames = [PersonName(family: "Kuhn", use: .birth)] }
      $0.birthDate = Date(
        year: 1930 + Int32(random.next() % 90), month: 1 + Int32(random.next() % 12),
        day: 1 + Int32(random.next() % 28))
      $0.sex = random.next() % 2 == 0 ? .female : .male
      $0.identifiers = [
        Identifier(type: .nationalID, value: "999-" + digits(6, &random)),
        Identifier(type: .passport, value: "X" + digits(8, &random), issuer: "US")
      ]
      $0.contactPoints = [
        ContactPoint(kind: .mobile, value: "+1617555" + digits(4, &random), use: .home),
        ContactPoint(kind: .email, value: "patient.\(digits(5, &random))@example.org", use: .home)
      ]
      $0.addresses = [
        Address(
          lines: [digits(3, &random) + " Nienow Trace Apt " + digits(2, &random)],
          city: "Hingham", region: "Massachusetts", postalCode: "0" + digits(4, &random),
          countryCode: "US", use: .home)
      ]
      $0.relatedPersons = [
        RelatedPerson(
          name: PersonName(given: "Maria", family: family), relationship: "mother",
          contactPoints: [ContactPoint(kind: .phone, value: "+1617555" + digits(4, &random))],
          emergencyContact: true)
      ]
      $0.tags = ["asthma-register", "flu-jab-due"]
      $0.language = "en-US"
      $0.consents = [
        Consent(kind: .treatment, decision: .granted, decideTime: created),
        Consent(kind: .sms, decision: .granted, decideTime: created, note: "by telephone")
      ]
      $0.maritalStatus = "Married"
      $0.ethnicity = "nonhispanic"
      $0.state = .active
      $0.createTime = created
      $0.updateTime = created
      $0.etag = "W/\"" + digits(6, &random) + "\""
    }
  }

  private static func pick(_ values: [String], _ random: inout SplitMix) -> String {
    values[Int(random.next() % UInt64(values.count))]
  }

  private static func digits(_ count: Int, _ random: inout SplitMix) -> String {
    String((0..<count).map { _ in Character(String(random.next() % 10)) })
  }

  private static func uuid(_ random: inout SplitMix) -> String {
    let hex = Array("0123456789abcdef")
    return String(
      (0..<36).map { [8, 13, 18, 23].contains($0) ? "-" : hex[Int(random.next() % 16)] })
  }
}

/// A small generator whose numbers are the same everywhere.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
