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
      "A number as passport:C01X00T47:GB. Repeatable.", valueName: "type:value[:country or issuer]")
  )
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

  /// Whether an option gives a part of a list.
  var changesLists: Bool {
    !contacts.isEmpty || nhsNumber != nil || !identifier.isEmpty || changesAddress
  }

  /// Adds the values of the options. Of contact points and identifiers those of the given kinds
  /// are replaced, of the first address the given parts; tags are replaced whole.
  func apply(to draft: inout MessageDraft) throws {
    for (path, text) in [
      ("name.given", given), ("name.family", family), ("name.prefix", prefix),
      ("name.suffix", suffix), ("name.text", nameText), ("record_number", recordNumber),
      ("birth_date", birthDate), ("sex", sex), ("gender", gender), ("death_date", deathDate),
      ("language", language), ("marital_status", maritalStatus), ("ethnicity", ethnicity)
    ] { try draft.set(path, text) }
    if !tags.isEmpty { draft.set(list: "tags", to: tags.map { .string($0) }) }
    applyContacts(to: &draft)
    try applyIdentifiers(to: &draft)
    applyAddress(to: &draft)
  }

  /// The kinds of contact points that are given, with their values.
  private var contacts: [(kind: String, values: [String])] {
    [
      ("CONTACT_KIND_PHONE", phone), ("CONTACT_KIND_MOBILE", mobile), ("CONTACT_KIND_EMAIL", email)
    ].filter { !$0.1.isEmpty }
  }

  private func applyContacts(to draft: inout MessageDraft) {
    guard !contacts.isEmpty else { return }
    var points = draft.elements(of: "contact_points")
    for (kind, values) in contacts {
      points.replace(
        where: { $0["kind"]?.text == kind },
        with: values.filter { !$0.isEmpty }
          .map { ["kind": .string(kind), "value": .string($0)] })
    }
    draft.set(list: "contact_points", to: points)
  }

  private func applyIdentifiers(to draft: inout MessageDraft) throws {
    var given: [JSONValue] = []
    if let nhsNumber {
      given.append(["type": .string("IDENTIFIER_TYPE_NHS_NUMBER"), "value": .string(nhsNumber)])
    }
    given += try identifier.map { try Self.identifier($0, schema: draft.schema) }
    guard !given.isEmpty else { return }
    var identifiers = draft.elements(of: "identifiers")
    var replaced = Set<[String?]>()
    for kind in given.map(Self.kind(of:)) where replaced.insert(kind).inserted {
      identifiers.replace(
        where: { Self.kind(of: $0) == kind },
        with: given.filter { Self.kind(of: $0) == kind && $0["value"]?.text != "" })
    }
    draft.set(list: "identifiers", to: identifiers)
  }

  /// The identifier that a text as `passport:C01X00T47:GB` stands for.
  private static func identifier(_ text: String, schema: MessageSchema) throws -> JSONValue {
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2 else {
      throw CommandFailure.usage(
        "'\(text)' is not an identifier", hint: "write it as passport:C01X00T47:GB")
    }
    do {
      let path = try FieldPath("identifiers[0].type").resolved(in: schema)
      var json: JSONValue = [
        "type": try ValueReader().json(String(parts[0]), for: path),
        "value": .string(String(parts[1]))
      ]
      if parts.count == 3 {
        json.set(
          IdentifierGiver.member(of: json["type"]?.text ?? ""), to: .string(String(parts[2])))
      }
      return json
    } catch let problem as FieldProblem {
      throw CommandFailure.usage("--identifier: \(problem.description)")
    }
  }

  /// What identifiers replace each other by: their type, and for those of other systems which one.
  private static func kind(of identifier: JSONValue) -> [String?] {
    let type = identifier["type"]?.text
    return [type, type == "IDENTIFIER_TYPE_OTHER" ? identifier["issuer"]?.text : nil]
  }

  private var addressParts: [(name: String, text: String?)] {
    [("city", city), ("region", region), ("postalCode", postalCode), ("countryCode", countryCode)]
  }

  private var changesAddress: Bool {
    !addressLines.isEmpty || addressParts.contains { $0.text != nil }
  }

  private func applyAddress(to draft: inout MessageDraft) {
    guard changesAddress else { return }
    let addresses = draft.elements(of: "addresses")
    var address = addresses.first ?? [:]
    if !addressLines.isEmpty {
      address.set(
        "lines", to: .array(addressLines.filter { !$0.isEmpty }.map { .string($0) }))
    }
    for (name, text) in addressParts {
      if let text { address.set(name, to: .string(text)) }
    }
    draft.set(list: "addresses", to: [address] + addresses.dropFirst())
  }
}

extension [JSONValue] {
  /// Puts elements in the place of others: where the first of these stood, at the end where there
  /// was none.
  fileprivate mutating func replace(
    where isReplaced: (JSONValue) -> Bool, with elements: [JSONValue]
  ) {
    let place = firstIndex(where: isReplaced) ?? endIndex
    removeAll(where: isReplaced)
    insert(contentsOf: elements, at: place)
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
