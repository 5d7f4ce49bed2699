/// Makes patients who do not exist: the same ones for the same seed and day.
///
/// They are as a clinic's records are: most are complete, and some have a partial date of birth, no
/// telephone, names of any script, accents, a changed family name, a name that somebody else has.
package struct DemoPatientGenerator: Sendable {
  private var random: SeededGenerator
  private let today: Int
  /// How many patients were made.
  private var made = 0
  private var nhsSerial: Int

  /// - Parameters:
  ///   - seed: which patients.
  ///   - today: nobody is born or has died after it.
  package init(seed: UInt64, today: PartialDate) {
    random = SeededGenerator(seed: seed)
    self.today = today.earliestDay
    nhsSerial = random.next(below: Self.nhsSerials)
  }

  /// The next patient.
  package mutating func next() -> DemoPatient {
    made += 1
    let origin = pickOrigin()
    let sex = pickSex()
    let name = makeName(origin, sex: sex)
    let birthDay = makeBirthDay()
    let age = (today - birthDay) / 365
    let deathDay =
      random.chance(age / 12) ? today - random.next(below: min(3000, today - birthDay + 1)) : nil
    let address = makeAddress()
    let place = random.pick(DemoPlaces.all)
    let isForeign = origin.language != "en" && origin.language != "cy"
    return DemoPatient(
      name: name,
      birthName: makeBirthName(of: name, origin, sex: sex, age: age),
      birthDate: random.chance(1) ? nil : makeBirthDate(birthDay),
      deathDate: deathDay.flatMap { random.chance(90) ? PartialDate(daysSince1970: $0) : nil },
      isDeceased: deathDay != nil,
      sex: sex,
      gender: random.chance(2) ? random.pick(["Non-binary", "Trans woman", "Trans man"]) : "",
      maritalStatus: age < 18
        ? ""
        : random.pick(["Single", "Married", "Married", "Divorced", "Widowed", "Civil partnership"]),
      ethnicity: random.chance(85) ? origin.ethnicity : "",
      nhsNumber: random.chance(92) ? nextNHSNumber() : "",
      passport: isForeign && random.chance(40) ? makePassport(origin) : nil,
      phones: makePhones(place),
      email: age > 15 && random.chance(70) ? makeEmail(name) : "",
      address: address,
      relatives: makeRelatives(of: name, origin, age: age),
      tags: makeTags(age: age),
      language: isForeign && random.chance(50) ? origin.language : random.chance(60) ? "en" : "",
      needsInterpreter: isForeign && random.chance(15),
      consents: makeConsents(),
      isArchived: random.chance(3))
  }

  // MARK: Names

  private mutating func pickOrigin() -> DemoNames {
    var place = random.next(below: Self.shares)
    for origin in DemoNames.all {
      place -= origin.share
      if place < 0 { return origin }
    }
    return DemoNames.all[0]
  }

  private static let shares = DemoNames.all.reduce(0) { $0 + $1.share }

  private mutating func pickSex() -> DemoPatient.Sex {
    switch random.next(below: 1000) {
    case ..<505: .female
    case ..<992: .male
    case ..<995: .indeterminate
    default: .unknown
    }
  }

  private mutating func makeName(_ origin: DemoNames, sex: DemoPatient.Sex) -> DemoPatient.Name {
    var name = DemoPatient.Name()
    name.given = makeGiven(origin, sex: sex)
    if random.chance(12), origin.language == "en" {
      name.given += " " + makeGiven(origin, sex: sex)
    }
    name.family = makeFamily(origin, sex: sex)
    if origin.language == "zh" {
      name.text = name.family + name.given
    } else if random.chance(25) {
      name.prefix = sex == .male ? "Mr" : random.pick(["Mrs", "Ms", "Miss"])
      if random.chance(6) { name.prefix = "Dr" }
    }
    return name
  }

  private mutating func makeGiven(_ origin: DemoNames, sex: DemoPatient.Sex) -> String {
    random.pick(sex == .male ? origin.male : origin.female)
  }

  private mutating func makeFamily(_ origin: DemoNames, sex: DemoPatient.Sex) -> String {
    let forms = random.pick(origin.family).split(separator: "/").map(String.init)
    return sex == .male ? forms[forms.count - 1] : forms[0]
  }

  private mutating func makeBirthName(
    of name: DemoPatient.Name, _ origin: DemoNames, sex: DemoPatient.Sex, age: Int
  ) -> DemoPatient.Name? {
    guard sex == .female, age > 25, random.chance(20) else { return nil }
    return DemoPatient.Name(given: name.given, family: makeFamily(origin, sex: sex))
  }

  // MARK: Dates

  private mutating func makeBirthDay() -> Int {
    // Two draws make the very old rare.
    let age = min(random.next(below: 102), 20 + random.next(below: 85))
    return today - age * 365 - random.next(below: 365)
  }

  private mutating func makeBirthDate(_ day: Int) -> PartialDate? {
    guard let whole = PartialDate(daysSince1970: day) else { return nil }
    switch random.next(below: 100) {
    case 0: return PartialDate(year: whole.year)
    case 1: return PartialDate(year: whole.year, month: whole.month)
    default: return whole
    }
  }

  // MARK: Numbers

  private static let nhsSerials = 1_000_000

  /// Goes through all numbers of the test range in a scattered order, each once.
  private mutating func nextNHSNumber() -> String {
    for _ in 0..<20 where made <= Self.nhsSerials * 9 / 10 {
      nhsSerial = (nhsSerial + 618_033) % Self.nhsSerials
      let digits = [9, 9, 9] + Self.digits(nhsSerial, count: 6)
      if let check = NHSNumber.checkDigit(for: digits) {
        return String(decoding: (digits + [check]).map { $0 + 0x30 }, as: UTF8.self)
      }
    }
    return ""
  }

  private static func digits(_ number: Int, count: Int) -> [UInt8] {
    var number = number
    var digits: [UInt8] = []
    for _ in 0..<count {
      digits.append(UInt8(number % 10))
      number /= 10
    }
    return digits.reversed()
  }

  private mutating func digits(_ count: Int) -> String {
    String((0..<count).map { _ in Character(String(random.next(below: 10))) })
  }

  private mutating func makePassport(_ origin: DemoNames) -> DemoPatient.Passport {
    DemoPatient.Passport(
      number: random.pick(["X", "P", "EA", "N"]) + digits(7), country: origin.country)
  }

  // MARK: Reaching people

  private mutating func makePhones(_ place: DemoPlaces) -> [DemoPatient.Phone] {
    var phones: [DemoPatient.Phone] = []
    if random.chance(85) {
      phones.append(
        .init(kind: .mobile, number: DemoPlaces.mobilePrefix + digits(3), use: .unspecified))
    }
    if random.chance(35) {
      phones.append(.init(kind: .phone, number: place.phonePrefix + digits(3), use: .home))
    }
    if random.chance(10) {
      phones.append(.init(kind: .phone, number: place.phonePrefix + digits(3), use: .work))
    }
    return phones
  }

  private mutating func makeEmail(_ name: DemoPatient.Name) -> String {
    let words = NameFolding.words(name.given).prefix(1) + NameFolding.words(name.family)
    let local = words.joined(separator: ".").filter { $0.isASCII }
    let domain = random.pick(["example.com", "example.org", "example.net"])
    return (local.count > 2 ? local : "patient") + "\(made)@\(domain)"
  }

  private mutating func makeAddress() -> DemoPatient.Address {
    let place = random.pick(DemoPlaces.all)
    var lines: [String] = []
    let street = random.pick(DemoPlaces.streets)
    if random.chance(12) { lines.append("Flat \(random.next(in: 1...60))") }
    if random.chance(4) {
      lines.append(random.pick(["Rose Cottage", "The Old Rectory", "Hazel House"]))
    }
    lines.append("\(random.next(in: 1...240))\(random.chance(5) ? "A" : "") \(street)")
    let letters = Array("ABDEFGHJLNPQRSTUWXYZ")
    let inward = "\(random.next(below: 10))\(random.pick(letters))\(random.pick(letters))"
    return DemoPatient.Address(
      lines: lines, city: place.town, region: random.chance(60) ? place.county : "",
      postalCode: "\(random.pick(place.outwardCodes)) \(inward)", countryCode: "GB")
  }

  private mutating func makeRelatives(
    of name: DemoPatient.Name, _ origin: DemoNames, age: Int
  ) -> [DemoPatient.Relative] {
    guard age < 18 || random.chance(45) else { return [] }
    let sex: DemoPatient.Sex = random.chance(50) ? .female : .male
    let relationships =
      age < 18
      ? (sex == .female ? ["mother", "mother", "aunt"] : ["father", "father", "uncle"])
      : (sex == .female ? ["wife", "daughter", "sister"] : ["husband", "son", "brother"])
    let family = random.chance(70) ? name.family : makeFamily(origin, sex: sex)
    return [
      DemoPatient.Relative(
        name: DemoPatient.Name(given: makeGiven(origin, sex: sex), family: family),
        relationship: random.pick(relationships), phone: DemoPlaces.mobilePrefix + digits(3),
        isEmergencyContact: random.chance(80))
    ]
  }

  // MARK: Marks

  private mutating func makeTags(age: Int) -> [String] {
    var tags: [String] = []
    if age >= 65, random.chance(60) { tags.append("flu-jab") }
    if age < 5 { tags.append("under-fives") }
    for tag in ["diabetes", "asthma", "carer", "wheelchair", "learning-disability", "nervous"] {
      if random.chance(5) { tags.append(tag) }
    }
    return tags
  }

  private mutating func makeConsents() -> [DemoPatient.Consent] {
    DemoPatient.ConsentKind.allCases.compactMap { kind in
      switch kind {
      case .treatment:
        random.chance(90) ? DemoPatient.Consent(kind: kind, isGranted: true) : nil
      case .research, .marketing:
        random.chance(40) ? DemoPatient.Consent(kind: kind, isGranted: random.chance(30)) : nil
      default:
        random.chance(60) ? DemoPatient.Consent(kind: kind, isGranted: random.chance(85)) : nil
      }
    }
  }
}
