/// Who gives identifiers: a country, or whoever `issuer` names.
enum IdentifierGiver {
  private static let countries: Set = [
    "IDENTIFIER_TYPE_PASSPORT", "IDENTIFIER_TYPE_NATIONAL_ID", "IDENTIFIER_TYPE_DRIVING_LICENCE"
  ]

  /// The member of an identifier of a type that says who gave it.
  static func member(of type: String) -> String {
    countries.contains(type) ? "countryCode" : "issuer"
  }
}
