extension DemoPatient {
  /// The header of Synthea's `patients.csv`.
  package static let syntheaHeader = """
    Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,LAST,SUFFIX,MAIDEN,MARITAL,RACE,\
    ETHNICITY,GENDER,BIRTHPLACE,ADDRESS,CITY,STATE,COUNTY,ZIP,LAT,LON,HEALTHCARE_EXPENSES,\
    HEALTHCARE_COVERAGE
    """

  /// The patient as a line of that file, without its end. What the file has no column for is left
  /// out; a partial date is written as far as it is known.
  package func syntheaRow(id: String) -> String {
    let marital = ["Married": "M", "Single": "S", "Divorced": "D", "Widowed": "W"]
    let fields: [String] = [
      id, birthDate.map(\.description) ?? "", deathDate.map(\.description) ?? "", "", "",
      passport?.number ?? "", name.prefix, name.given, name.family, "", birthName?.family ?? "",
      marital[maritalStatus] ?? "", ethnicity, "", sex == .female ? "F" : sex == .male ? "M" : "",
      "",
      address.lines.joined(separator: " "), address.city, address.region, "", address.postalCode,
      "", "", "", ""
    ]
    return fields.map(Self.csvField).joined(separator: ",")
  }

  /// RFC 4180.
  private static func csvField(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
