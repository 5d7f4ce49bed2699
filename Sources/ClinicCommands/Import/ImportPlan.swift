/// What becomes of each column of a file.
package struct ImportPlan: Sendable, Hashable {
  /// What the header was recognised as.
  package enum Source: String, Sendable, Hashable {
    /// An export of Synthea.
    case synthea
    /// An export of `clinicctl patient export`.
    case clinicctl
    /// Usual headings such as `Surname`.
    case headings
    /// Only what the user says.
    case map
  }

  /// A column and what it becomes.
  package struct Column: Sendable, Hashable {
    package var index: Int
    package var target: ImportTarget
  }

  /// What the header was recognised as.
  package var source: Source
  /// The columns that become something, in the file's order.
  package var columns: [Column]
  /// The headings of columns that become nothing.
  package var ignored: [String]
  /// How many columns the header has.
  package var width: Int
}

extension ImportPlan {
  /// Plans a file with this header.
  ///
  /// - Throws: ``CommandFailure`` where a column of the map is missing, or no column says who the
  ///   patients are.
  package init(
    header: [String], map: ColumnMap = ColumnMap(), schema: MessageSchema
  ) throws(CommandFailure) {
    let headings = header.map { ValueReader.trimmed($0) }
    var targets: [Int: ImportTarget] = [:]
    var source = Source.map
    if let synthea = SyntheaColumns.targets(of: headings, schema: schema) {
      source = .synthea
      targets = synthea
    } else if let own = Self.ownTargets(of: headings, schema: schema) {
      source = .clinicctl
      targets = own
    } else {
      targets = UsualHeadings.targets(of: headings, schema: schema)
      if map.entries.isEmpty || !targets.isEmpty { source = .headings }
    }
    var extra: [Column] = []
    for entry in map.entries {
      let index = try Self.index(of: entry.column, in: headings)
      targets[index] = nil
      extra.append(Column(index: index, target: try ImportTarget(entry.target, schema: schema)))
    }
    // The map wins: a value that it names does not come from another column as well.
    let mapped = Set(extra.compactMap(\.target.place))
    targets = targets.filter { entry in entry.value.place.map { !mapped.contains($0) } ?? true }
    let columns = targets.map { Column(index: $0.key, target: $0.value) } + extra
    guard columns.contains(where: \.target.namesPatient) else {
      throw CommandFailure(
        "no column of the file is known to hold the patients' names", status: .usage,
        details: ["The file has the columns: " + headings.joined(separator: ", ")],
        hint: "say what the columns are: --map 'name.given=…,name.family=…,birth_date=…'; "
          + "see clinicctl help mapping")
    }
    self.source = source
    self.columns = columns.sorted { $0.index < $1.index }
    self.width = header.count
    let known = SyntheaColumns.unused
    ignored = headings.indices.filter { index in
      !columns.contains { $0.index == index } && !headings[index].isEmpty
        && !(source == .synthea && known.contains(headings[index].uppercased()))
    }.map { headings[$0] }
  }

  private static func index(
    of column: String, in headings: [String]
  ) throws(CommandFailure) -> Int {
    if let index = headings.firstIndex(of: column) { return index }
    let matches = headings.indices.filter { headings[$0].lowercased() == column.lowercased() }
    if matches.count == 1 { return matches[0] }
    let nearest = Suggestions.nearest(to: column, among: headings)
    throw CommandFailure(
      "the file has no column '\(column)'", status: .usage,
      details: ["It has: " + headings.joined(separator: ", ")],
      hint: nearest.map { "did you mean '\($0)'?" })
  }

  /// Values that the server gives, which an export holds and an import leaves out.
  private static let serverFields: Set<String> = [
    "patient_id", "state", "create_time", "update_time", "archive_time", "etag"
  ]

  /// The targets of an export of this tool: every heading is a path of a patient's fields.
  private static func ownTargets(
    of headings: [String], schema: MessageSchema
  ) -> [Int: ImportTarget]? {
    var targets: [Int: ImportTarget] = [:]
    for (index, heading) in headings.enumerated() {
      guard let path = try? FieldPath(heading).resolved(in: schema) else { return nil }
      if !serverFields.contains(path.steps[0].field.name) { targets[index] = .path(path) }
    }
    return targets.values.contains(where: \.namesPatient) ? targets : nil
  }
}
