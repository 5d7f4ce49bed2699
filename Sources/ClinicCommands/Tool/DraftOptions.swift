internal import ArgumentParser

/// The options that give values to the fields of a message.
struct DraftOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Take the values from JSON in a file; '-' reads standard input.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var json: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set any field by its path; an empty value clears it. Repeat it for more.",
      valueName: "path=value"))
  var assignments: [String] = []

  init() {}

  func validate() throws {
    for assignment in assignments where !assignment.contains("=") {
      throw ValidationError("--set takes a path and a value: --set name.family=Smith")
    }
  }

  /// Whether an element of a list is set, whose others must be known to be kept.
  var setsElements: Bool {
    assignments.contains { $0.prefix { $0 != "=" }.contains("[") }
  }

  /// The object that `--json` names; nil without that option.
  ///
  /// - Parameter wrapper: A member that may stand around the message, as in a reply.
  func object(wrapper: String, context: CommandContext) throws -> JSONValue? {
    guard let json else { return nil }
    var object = try context.readJSON(json)
    if object.members.count == 1, let inner = object[wrapper] { object = inner }
    guard case .object = object else {
      throw CommandFailure.usage("\(json) does not hold a JSON object")
    }
    return object
  }

  /// A draft with the values of `--json`, then `flags`, then `--set`.
  ///
  /// - Parameters:
  ///   - wrapper: A member that may stand around the message, as in a reply.
  ///   - serverFields: Fields that the server gives, which JSON may hold and a mask leaves out.
  ///   - flags: Values of the command's own options.
  func draft(
    _ schema: MessageSchema, wrapper: String, serverFields: Set<String>, context: CommandContext,
    flags: (inout MessageDraft) throws -> Void
  ) throws -> MessageDraft {
    try draft(
      MessageDraft(schema: schema), object: object(wrapper: wrapper, context: context),
      serverFields: serverFields, flags: flags)
  }

  /// The draft with the values of an object, then `flags`, then `--set`.
  func draft(
    _ draft: MessageDraft, object: JSONValue?, serverFields: Set<String>,
    flags: (inout MessageDraft) throws -> Void
  ) throws -> MessageDraft {
    var draft = draft
    let schema = draft.schema
    if let object {
      draft.merge(object)
      for path in Self.maskPaths(object, schema: schema, prefix: "", serverFields: serverFields) {
        draft.note(path)
      }
    }
    try flags(&draft)
    for assignment in assignments {
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let path = try FieldPath(String(parts[0])).resolved(in: schema)
      try draft.setFromCommandLine(path, to: String(parts[1]))
    }
    return draft
  }

  /// What an update mask names for the members of an object.
  static func maskPaths(
    _ object: JSONValue, schema: MessageSchema, prefix: String, serverFields: Set<String>
  ) -> [String] {
    object.members.flatMap { member -> [String] in
      guard let field = schema.field(member.name), !serverFields.contains(field.name) else {
        return []
      }
      if case .message(let name) = field.kind, !field.isRepeated, !field.isMap,
        !wholeMessages.contains(name), !member.value.members.isEmpty,
        let inner = schema.lookUp(name)
      {
        return maskPaths(
          member.value, schema: inner, prefix: prefix + field.name + ".", serverFields: [])
      }
      return [prefix + field.name]
    }
  }

  /// Messages that are values: a mask names them as a whole.
  private static let wholeMessages: Set<String> = [
    "clinic.v1.Date", "clinic.v1.LocalTime", "google.protobuf.Timestamp",
    "google.protobuf.Duration"
  ]
}

extension MessageDraft {
  /// Sets a value that stands on the command line.
  mutating func setFromCommandLine(
    _ path: ResolvedPath, to text: String
  ) throws(CommandFailure) {
    do {
      try set(path, to: text, reader: ValueReader())
    } catch {
      throw .usage("\(error.field): \(error.description)")
    }
  }

  /// Sets the value at a path of the schema, where there is one on the command line.
  mutating func set(_ path: String, _ text: String?) throws(CommandFailure) {
    guard let text else { return }
    try setFromCommandLine(try FieldPath(path).resolved(in: schema), to: text)
  }
}
