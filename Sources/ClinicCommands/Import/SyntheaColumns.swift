/// The columns of the file of patients that Synthea exports, in any order and of any version.
package enum SyntheaColumns {
  /// The targets of a Synthea header by column; nil where it is none.
  package static func targets(
    of headings: [String], schema: MessageSchema
  ) -> [Int: ImportTarget]? {
    let names = headings.map { $0.uppercased() }
    // What every version has, and hardly another file together.
    let telling = ["ID", "BIRTHDATE", "DEATHDATE", "SSN", "FIRST", "LAST", "GENDER"]
    guard telling.allSatisfy(names.contains) else { return nil }
    var targets: [Int: ImportTarget] = [:]
    for (index, name) in names.enumerated() where names.firstIndex(of: name) == index {
      if let path = paths[name] {
        targets[index] = (try? FieldPath(path).resolved(in: schema)).map { .path($0) }
      } else if let target = others[name] {
        targets[index] = target
      }
    }
    return targets
  }

  private static let paths: [String: String] = [
    "BIRTHDATE": "birth_date", "PREFIX": "name.prefix", "LAST": "name.family",
    "SUFFIX": "name.suffix", "GENDER": "sex"
  ]

  private static let others: [String: ImportTarget] = [
    "ID": .identifier(type: "IDENTIFIER_TYPE_OTHER", issuer: "synthea"),
    "DEATHDATE": .deathDate,
    "SSN": .identifier(type: "IDENTIFIER_TYPE_NATIONAL_ID", issuer: "US"),
    "DRIVERS": .identifier(type: "IDENTIFIER_TYPE_DRIVING_LICENCE", issuer: "US"),
    "PASSPORT": .identifier(type: "IDENTIFIER_TYPE_PASSPORT", issuer: "US"),
    "FIRST": .givenName, "MIDDLE": .givenName, "MAIDEN": .birthName,
    "MARITAL": .maritalCode, "RACE": .ethnicity, "ETHNICITY": .ethnicity,
    "ADDRESS": .addressLine, "CITY": .addressPart("city"), "STATE": .addressPart("region"),
    "ZIP": .addressPart("postalCode")
  ]

  /// Columns that Synthea has and a patient record has no place for.
  package static let unused: Set<String> = [
    "BIRTHPLACE", "COUNTY", "FIPS", "LAT", "LON", "HEALTHCARE_EXPENSES", "HEALTHCARE_COVERAGE",
    "INCOME"
  ]

  /// The word for a code of Synthea's MARITAL column; an unknown code as it is.
  package static func maritalStatus(_ code: String) -> String {
    switch code.uppercased() {
    case "M": "married"
    case "S": "single"
    case "D": "divorced"
    case "W": "widowed"
    default: code
    }
  }
}
