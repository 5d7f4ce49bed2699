/// How patients are shown.
enum PatientColumns {
  /// The columns of a list.
  static let list = [
    TableColumn("Id", "patientId", isFlexible: false),
    TableColumn("Record", "recordNumber"),
    TableColumn("Name") { DisplayText.name($0["name"]) },
    TableColumn("Born", "birthDate", isFlexible: false),
    TableColumn("Sex", "sex"),
    TableColumn("City") { $0["addresses"]?.elements.first?["city"]?.text ?? "" },
    TableColumn("State") { state($0) }
  ]

  /// The columns of a search.
  static let matches = [
    TableColumn("Id", "patient.patientId", isFlexible: false),
    TableColumn("Record", "patient.recordNumber"),
    TableColumn("Name") { DisplayText.name($0.value(at: "patient.name")) },
    TableColumn("Born", "patient.birthDate", isFlexible: false),
    TableColumn("Score", alignment: .trailing, isFlexible: false) { score($0) },
    TableColumn("Matches", "reasons")
  ]

  /// The lines of a record.
  static let record = [
    TableColumn("Id", "patientId"),
    TableColumn("Record number", "recordNumber"),
    TableColumn("Name") { DisplayText.name($0["name"]) },
    TableColumn("Other names") {
      lines($0["otherNames"]) { name in
        DisplayText.name(name) + parenthesis(name["use"])
      }
    },
    TableColumn("Born", "birthDate"),
    TableColumn("Sex", "sex"),
    TableColumn("Gender", "gender"),
    TableColumn("Deceased") { deceased($0) },
    TableColumn("Identifiers") {
      lines($0["identifiers"]) { identifier in
        DisplayText.of(identifier["type"] ?? .null) + " " + (identifier["value"]?.text ?? "")
          + parenthesis(identifier["issuer"] ?? identifier["countryCode"])
      }
    },
    TableColumn("Contact") {
      lines($0["contactPoints"]) { contact in
        DisplayText.of(contact["kind"] ?? .null) + " " + (contact["value"]?.text ?? "")
          + parenthesis(contact["use"])
      }
    },
    TableColumn("Addresses") { lines($0["addresses"]) { DisplayText.address($0) } },
    TableColumn("Related") {
      lines($0["relatedPersons"]) { person in
        DisplayText.name(person["name"]) + parenthesis(person["relationship"])
      }
    },
    TableColumn("Language", "language"),
    TableColumn("Interpreter") { $0["needsInterpreter"] == .bool(true) ? "needed" : "" },
    TableColumn("Marital status", "maritalStatus"),
    TableColumn("Ethnicity", "ethnicity"),
    TableColumn("Tags", "tags"),
    TableColumn("Consents") {
      lines($0["consents"]) { consent in
        DisplayText.of(consent["kind"] ?? .null) + ": "
          + DisplayText.of(consent["decision"] ?? .null)
      }
    },
    TableColumn("State", "state"),
    TableColumn("Created", "createTime"),
    TableColumn("Changed", "updateTime"),
    TableColumn("Archived", "archiveTime"),
    TableColumn("Etag", "etag")
  ]

  private static func lines(
    _ value: JSONValue?, _ line: (JSONValue) -> String
  ) -> String {
    (value?.elements ?? []).map(line).joined(separator: "\n")
  }

  private static func parenthesis(_ value: JSONValue?) -> String {
    let text = value.map(DisplayText.of) ?? ""
    return text.isEmpty ? "" : " (\(text))"
  }

  private static func deceased(_ patient: JSONValue) -> String {
    if let date = patient["deathDate"] { return DisplayText.of(date) }
    return patient["deceased"] == .bool(true) ? "yes" : ""
  }

  private static func state(_ patient: JSONValue) -> String {
    let state = DisplayText.of(patient["state"] ?? .null)
    return patient["deceased"] == .bool(true) ? state + ", deceased" : state
  }

  private static func score(_ match: JSONValue) -> String {
    guard let score = match["score"]?.scalarText.flatMap(Double.init) else { return "" }
    let percent = Int((score * 100).rounded())
    return "\(percent) %"
  }
}
