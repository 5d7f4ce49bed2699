/// Reads what people write as the JSON of a field.
package struct ValueReader: Sendable {
  /// How dates are written beside ISO 8601.
  package var dateFormat: DateFormat?

  package init(dateFormat: DateFormat? = nil) {
    self.dateFormat = dateFormat
  }

  /// The JSON of `text` for the field that a path leads to.
  ///
  /// Lists take a JSON array, or words parted by `;`. Enums take their short names in any case
  /// (`female`), or as much of them as is unambiguous (`F`).
  package func json(
    _ text: String, for path: ResolvedPath
  ) throws(FieldProblem) -> JSONValue {
    let step = path.leaf
    if step.field.isMap { return try jsonText(text, path: path) }
    if step.field.isRepeated, step.index == nil {
      if text.hasPrefix("[") { return try jsonText(text, path: path) }
      var elements: [JSONValue] = []
      for word in text.split(separator: ";") {
        let word = Self.trimmed(String(word))
        if !word.isEmpty { elements.append(try element(word, path: path)) }
      }
      return .array(elements)
    }
    return try element(text, path: path)
  }

  private func element(_ text: String, path: ResolvedPath) throws(FieldProblem) -> JSONValue {
    switch path.leaf.field.kind {
    case .string, .bytes:
      return .string(text)
    case .bool:
      return .bool(try bool(text, path: path))
    case .integer:
      guard Int64(text) != nil || UInt64(text) != nil else {
        throw problem(path, "NUMBER", "'\(text)' is not a whole number.")
      }
      return .number(text)
    case .number:
      guard Double(text) != nil, case .number = try jsonText(text, path: path) else {
        throw problem(path, "NUMBER", "'\(text)' is not a number.")
      }
      return .number(text)
    case .enumeration(let names):
      return try enumeration(text, names: names, path: path)
    case .message(let name):
      return try message(text, name: name, path: path)
    }
  }

  private func bool(_ text: String, path: ResolvedPath) throws(FieldProblem) -> Bool {
    switch text.lowercased() {
    case "true", "yes", "y", "t", "1": return true
    case "false", "no", "n", "f", "0": return false
    default: throw problem(path, "BOOLEAN", "'\(text)' is neither true nor false.")
    }
  }

  private func enumeration(
    _ text: String, names: [String], path: ResolvedPath
  ) throws(FieldProblem) -> JSONValue {
    if let number = Int32(text) { return .number(String(number)) }
    let prefix = Self.sharedPrefix(names)
    let word = text.uppercased().split { $0 == " " || $0 == "-" || $0 == "_" }
      .joined(separator: "_")
    if names.contains(word) { return .string(word) }
    let choices = names.dropFirst()
    if let name = choices.first(where: { $0.dropFirst(prefix.count) == word }) {
      return .string(name)
    }
    let matches = choices.filter { $0.dropFirst(prefix.count).hasPrefix(word) }
    if matches.count == 1, !word.isEmpty { return .string(matches[matches.startIndex]) }
    let words = choices.map { $0.dropFirst(prefix.count).lowercased() }
    let nearest = Suggestions.nearest(to: word, among: words).map { " Did you mean '\($0)'?" } ?? ""
    throw problem(
      path, "ENUM", "'\(text)' is none of \(words.joined(separator: ", ")).\(nearest)")
  }

  private func message(
    _ text: String, name: String, path: ResolvedPath
  ) throws(FieldProblem) -> JSONValue {
    if text.hasPrefix("{") { return try jsonText(text, path: path) }
    switch name {
    case "clinic.v1.Date":
      return try date(text, path: path)
    case "clinic.v1.PersonName":
      return ["text": .string(text)]
    case "clinic.v1.LocalTime":
      return try localTime(text, path: path)
    case "google.protobuf.Timestamp":
      // A date alone stands for its first moment.
      return .string(text.utf8.count == 10 ? text + "T00:00:00Z" : text)
    case "google.protobuf.Duration", "google.protobuf.FieldMask":
      return .string(text)
    default:
      throw problem(path, "JSON", "A value of \(name) is written as a JSON object.")
    }
  }

  private func date(_ text: String, path: ResolvedPath) throws(FieldProblem) -> JSONValue {
    if let date = dateFormat?.date(text) ?? DateFormat.iso(text) {
      return DateText.json(year: date.year, month: date.month, day: date.day)
    }
    throw problem(
      path, "DATE",
      "'\(text)' is not a date as \(dateFormat.map { "\($0.pattern) or " } ?? "")YYYY-MM-DD.")
  }

  private func localTime(_ text: String, path: ResolvedPath) throws(FieldProblem) -> JSONValue {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let hours = Int(parts[0]), let minutes = Int(parts[1]),
      (0...24).contains(hours), (0...59).contains(minutes)
    else { throw problem(path, "TIME", "'\(text)' is not a time of day as HH:MM.") }
    return ["hours": .number(String(hours)), "minutes": .number(String(minutes))]
  }

  private func jsonText(_ text: String, path: ResolvedPath) throws(FieldProblem) -> JSONValue {
    do {
      return try JSONValue(parsing: text)
    } catch {
      throw problem(path, "JSON", "The value is not JSON: \(error.message).")
    }
  }

  private func problem(
    _ path: ResolvedPath, _ reason: String, _ description: String
  ) -> FieldProblem {
    FieldProblem(field: path.text, reason: reason, description: description)
  }

  /// What all the value names of an enum begin with, up to an underscore.
  package static func sharedPrefix(_ names: [String]) -> String {
    guard let first = names.first else { return "" }
    // The zero value is called PREFIX_UNSPECIFIED.
    guard first.hasSuffix("UNSPECIFIED") else { return "" }
    let prefix = String(first.dropLast("UNSPECIFIED".count))
    return names.allSatisfy { $0.hasPrefix(prefix) } ? prefix : ""
  }

  static func trimmed(_ text: String) -> String {
    let isBlank: (Character) -> Bool = { $0.isWhitespace }
    guard let start = text.firstIndex(where: { !isBlank($0) }),
      let end = text.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(text[start...end])
  }
}
