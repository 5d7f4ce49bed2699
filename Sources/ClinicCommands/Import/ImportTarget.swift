/// What a column of an import becomes.
package enum ImportTarget: Sendable, Hashable {
  /// A value of the patient.
  case path(ResolvedPath)
  /// A number that somebody gave the patient: the enum's value and who gave it.
  case identifier(type: String, issuer: String?)
  /// A telephone number or e-mail address: the enum's value.
  case contact(kind: String)
  /// A given name; those of several columns are joined by blanks.
  case givenName
  /// The family name at birth.
  case birthName
  /// A line of the first address.
  case addressLine
  /// A part of the first address by its JSON name.
  case addressPart(String)
  /// Synthea's code of the marital status.
  case maritalCode
  /// A piece of the ethnicity; those of several columns are joined by commas.
  case ethnicity
  /// The date of death, which also says that the patient has died.
  case deathDate
}

extension ImportTarget {
  /// Whether the column says who the patient is.
  package var namesPatient: Bool {
    switch self {
    case .givenName: true
    case .path(let path): path.steps[0].field.name == "name"
    default: false
    }
  }

  /// The one value that the target fills; nil for what a patient can have several of.
  var place: String? {
    switch self {
    case .path(let path): path.text
    case .identifier(let type, let issuer): "identifiers \(type) \(issuer ?? "")"
    case .givenName: "name.given"
    case .addressLine: "addresses[0].lines"
    case .addressPart(let name): "addresses[0].\(Self.contractName(ofPart: name))"
    case .maritalCode: "marital_status"
    case .ethnicity: "ethnicity"
    case .deathDate: "death_date"
    case .contact, .birthName: nil
    }
  }

  /// The contract's spelling of a name in JSON.
  private static func contractName(ofPart name: String) -> String {
    name.map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
  }

  /// The short names that `--map` takes beside the paths of a patient's fields.
  package static let shortNames: [(name: String, target: ImportTarget, meaning: String)] = [
    ("given", .givenName, "a given name; several columns are joined"),
    ("birth_name", .birthName, "the family name at birth"),
    ("phone", .contact(kind: "CONTACT_KIND_PHONE"), "a telephone number"),
    ("mobile", .contact(kind: "CONTACT_KIND_MOBILE"), "a mobile telephone number"),
    ("email", .contact(kind: "CONTACT_KIND_EMAIL"), "an e-mail address"),
    (
      "nhs_number", .identifier(type: "IDENTIFIER_TYPE_NHS_NUMBER", issuer: nil), "an NHS number"
    ),
    ("passport", .identifier(type: "IDENTIFIER_TYPE_PASSPORT", issuer: nil), "a passport"),
    (
      "national_id", .identifier(type: "IDENTIFIER_TYPE_NATIONAL_ID", issuer: nil),
      "a national identity or social security number"
    ),
    (
      "driving_licence", .identifier(type: "IDENTIFIER_TYPE_DRIVING_LICENCE", issuer: nil),
      "a driving licence"
    ),
    (
      "insurance", .identifier(type: "IDENTIFIER_TYPE_INSURANCE", issuer: nil),
      "an insurance policy"
    ),
    ("address", .addressLine, "a line of the address; several columns are several lines"),
    ("city", .addressPart("city"), "the town or city"),
    ("region", .addressPart("region"), "the county, state or district"),
    ("postal_code", .addressPart("postalCode"), "the postal code"),
    ("country_code", .addressPart("countryCode"), "the country (ISO 3166-1 alpha-2)")
  ]

  /// The target that `--map` calls `name`: a short name, `id:ISSUER` for a number in another
  /// system, or a path of the patient's fields.
  package init(_ name: String, schema: MessageSchema) throws(CommandFailure) {
    if let short = Self.shortNames.first(where: { $0.name == name }) {
      self = short.target
      return
    }
    if name.hasPrefix("id:"), name.count > 3 {
      self = .identifier(type: "IDENTIFIER_TYPE_OTHER", issuer: String(name.dropFirst(3)))
      return
    }
    do {
      let path = try FieldPath(name).resolved(in: schema)
      self = path.text == "death_date" ? .deathDate : .path(path)
    } catch {
      let known = Self.shortNames.map(\.name) + schema.fields.map(\.name)
      throw .usage(
        "'\(name)' is not a value of a patient: \(error.message)",
        hint: Suggestions.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
          ?? error.hint ?? "run clinicctl help mapping")
    }
  }
}
