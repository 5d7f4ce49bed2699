internal import ArgumentParser

/// The options for the values of a patient.
struct PatientFieldOptions: ParsableArguments {
  @Option(name: .long, help: "Given names.") var given: String?
  @Option(name: .long, help: "Family name.") var family: String?
  @Option(name: .long, help: "Title, as Dr.") var prefix: String?
  @Option(name: .long, help: "What stands behind the name, as Jr.") var suffix: String?
  @Option(name: .customLong("name"), help: "The whole name, where its parts do not say so.")
  var nameText: String?
  @Option(name: .long, help: "The clinic's own number for the patient.") var recordNumber: String?
  @Option(
    name: .long,
    help: ArgumentHelp("Date of birth: 1984-03-31, 1984-03 or 1984.", valueName: "date"))
  var birthDate: String?
  @Option(name: .long, help: "female, male, indeterminate or unknown.") var sex: String?
  @Option(name: .long, help: "Gender, in the patient's own words.") var gender: String?
  @Option(name: .long, help: ArgumentHelp("Date of death.", valueName: "date"))
  var deathDate: String?
  @Option(name: .long, help: ArgumentHelp("A telephone number. Repeatable.", valueName: "number"))
  var phone: [String] = []
  @Option(
    name: .long, help: ArgumentHelp("A mobile telephone number. Repeatable.", valueName: "number"))
  var mobile: [String] = []
  @Option(name: .long, help: ArgumentHelp("An e-mail address. Repeatable.", valueName: "address"))
  var email: [String] = []
  @Option(name: .long, help: ArgumentHelp("NHS number.", valueName: "number"))
  var nhsNumber: String?
  @Option(
    name: .long,
    help: ArgumentHelp(
      "A number as passport:C01X00T47:GB. Repeatable.", valueName: "type:value[:issuer]"))
  var identifier: [String] = []
  @Option(
    name: .customLong("address"),
    help: ArgumentHelp("A line of the address. Repeatable.", valueName: "line"))
  var addressLines: [String] = []
  @Option(name: .long, help: "Town or city.") var city: String?
  @Option(name: .long, help: "County, state or district.") var region: String?
  @Option(name: .long, help: "Postal code.") var postalCode: String?
  @Option(name: .customLong("country"), help: ArgumentHelp("Country, as GB.", valueName: "code"))
  var countryCode: String?
  @Option(name: .customLong("tag"), help: ArgumentHelp("A tag. Repeatable.", valueName: "tag"))
  var tags: [String] = []
  @Option(name: .long, help: "Preferred language (BCP 47).") var language: String?
  @Option(name: .long, help: "Marital status.") var maritalStatus: String?
  @Option(name: .long, help: "Ethnicity.") var ethnicity: String?

  init() {}

  /// Adds the values of the options. A list is replaced whole.
  func apply(to draft: inout MessageDraft) throws {
    for (path, text) in [
      ("name.given", given), ("name.family", family), ("name.prefix", prefix),
      ("name.suffix", suffix), ("name.text", nameText), ("record_number", recordNumber),
      ("birth_date", birthDate), ("sex", sex), ("gender", gender), ("death_date", deathDate),
      ("language", language), ("marital_status", maritalStatus), ("ethnicity", ethnicity)
    ] { try draft.set(path, text) }
    if !tags.isEmpty { draft.set(list: "tags", to: tags.map { .string($0) }) }
    let contacts =
      phone.map { ("CONTACT_KIND_PHONE", $0) } + mobile.map { ("CONTACT_KIND_MOBILE", $0) }
      + email.map { ("CONTACT_KIND_EMAIL", $0) }
    if !contacts.isEmpty {
      draft.set(
        list: "contact_points",
        to: contacts.map { ["kind": .string($0.0), "value": .string($0.1)] })
    }
    try applyIdentifiers(to: &draft)
    applyAddress(to: &draft)
  }

  private func applyIdentifiers(to draft: inout MessageDraft) throws {
    var identifiers: [JSONValue] = []
    if let nhsNumber {
      identifiers.append(
        ["type": .string("IDENTIFIER_TYPE_NHS_NUMBER"), "value": .string(nhsNumber)])
    }
    let path = try FieldPath("identifiers[0].type").resolved(in: draft.schema)
    for text in identifier {
      let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count >= 2 else {
        throw CommandFailure.usage(
          "'\(text)' is not an identifier", hint: "write it as passport:C01X00T47:GB")
      }
      do {
        var json: JSONValue = [
          "type": try ValueReader().json(String(parts[0]), for: path),
          "value": .string(String(parts[1]))
        ]
        if parts.count == 3 { json.set("issuer", to: .string(String(parts[2]))) }
        identifiers.append(json)
      } catch {
        throw CommandFailure.usage("--identifier: \(error.description)")
      }
    }
    if !identifiers.isEmpty { draft.set(list: "identifiers", to: identifiers) }
  }

  private func applyAddress(to draft: inout MessageDraft) {
    var address: JSONValue = [:]
    if !addressLines.isEmpty {
      address.set("lines", to: .array(addressLines.map { .string($0) }))
    }
    for (name, text) in [
      ("city", city), ("region", region), ("postalCode", postalCode), ("countryCode", countryCode)
    ] {
      if let text { address.set(name, to: .string(text)) }
    }
    if !address.members.isEmpty { draft.set(list: "addresses", to: [address]) }
  }
}

extension MessageDraft {
  /// Replaces a list of the message.
  mutating func set(list name: String, to elements: [JSONValue]) {
    guard let field = schema.field(name) else { return }
    note(field.name)
    merge(.object([.init(field.jsonName, .array(elements))]))
  }
}
