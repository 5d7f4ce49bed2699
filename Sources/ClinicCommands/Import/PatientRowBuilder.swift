/// Makes the JSON of a patient from a row of a file.
package struct PatientRowBuilder: Sendable {
  private let plan: ImportPlan
  private let schema: MessageSchema
  private let reader: ValueReader
  /// What every patient gets that the row does not say otherwise.
  private let constants: [(path: ResolvedPath, text: String)]

  package init(
    plan: ImportPlan, schema: MessageSchema, reader: ValueReader = ValueReader(),
    constants: [(path: ResolvedPath, text: String)] = []
  ) {
    self.plan = plan
    self.schema = schema
    self.reader = reader
    self.constants = constants
  }

  /// Whether a row holds nothing, as spreadsheets leave at the end.
  package static func isBlank(_ fields: [String]) -> Bool {
    fields.allSatisfy { $0.allSatisfy(\.isWhitespace) }
  }

  /// The JSON of the patient of a row.
  package func patient(_ fields: [String]) throws(FieldProblem) -> JSONValue {
    guard fields.count == plan.width else {
      throw FieldProblem(
        field: "", reason: "COLUMN_COUNT",
        description: "The row has \(fields.count) columns, and the header \(plan.width).")
    }
    var draft = MessageDraft(schema: schema)
    for constant in constants {
      try draft.set(constant.path, to: constant.text, reader: reader)
    }
    var row = JoinedValues()
    for column in plan.columns {
      let text = ValueReader.trimmed(fields[column.index])
      guard !text.isEmpty else { continue }
      try add(text, target: column.target, draft: &draft, row: &row)
    }
    finish(&draft, row: row)
    return draft.finished
  }

  /// Values that several columns make together.
  private struct JoinedValues {
    var given: [String] = []
    var ethnicity: [String] = []
    var address = JSONValue.object([])
    var addressLines: [JSONValue] = []
  }

  private func add(
    _ text: String, target: ImportTarget, draft: inout MessageDraft, row: inout JoinedValues
  ) throws(FieldProblem) {
    switch target {
    case .path(let path):
      try draft.set(path, to: text, reader: reader)
    case .identifier(let type, let issuer):
      var identifier: JSONValue = ["type": .string(type), "value": .string(text)]
      if let issuer { identifier.set(IdentifierGiver.member(of: type), to: .string(issuer)) }
      draft.append(identifier, to: "identifiers")
    case .contact(let kind):
      draft.append(["kind": .string(kind), "value": .string(text)], to: "contact_points")
    case .givenName:
      row.given.append(text)
    case .birthName:
      draft.append(
        ["family": .string(text), "use": .string("NAME_USE_BIRTH")], to: "other_names")
    case .addressLine:
      row.addressLines.append(.string(text))
    case .addressPart(let name):
      row.address.set(name, to: .string(text))
    case .maritalCode:
      draft.merge(["maritalStatus": .string(SyntheaColumns.maritalStatus(text))])
    case .ethnicity:
      row.ethnicity.append(text)
    case .deathDate:
      if let path = try? FieldPath("death_date").resolved(in: schema) {
        try draft.set(path, to: text, reader: reader)
        draft.merge(["deceased": .bool(true)])
      }
    }
  }

  private func finish(_ draft: inout MessageDraft, row: JoinedValues) {
    if !row.given.isEmpty {
      var name = draft.json["name"] ?? .object([])
      name.set("given", to: .string(row.given.joined(separator: " ")))
      draft.merge(["name": name])
    }
    if !row.ethnicity.isEmpty {
      draft.merge(["ethnicity": .string(row.ethnicity.joined(separator: ", "))])
    }
    if !row.addressLines.isEmpty || !row.address.members.isEmpty {
      var address = JSONValue.object([])
      if !row.addressLines.isEmpty { address.set("lines", to: .array(row.addressLines)) }
      for member in row.address.members { address.set(member.name, to: member.value) }
      if plan.source == .synthea, address["countryCode"] == nil {
        address.set("countryCode", to: .string("US"))
      }
      draft.append(address, to: "addresses")
    }
  }
}
