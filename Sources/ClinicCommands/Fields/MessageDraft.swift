/// A message under construction from paths and texts.
package struct MessageDraft: Sendable {
  /// What the message is.
  package let schema: MessageSchema
  /// The message so far, as JSON.
  package private(set) var json = JSONValue.object([])
  /// What an update mask names, in the order it was given.
  package private(set) var maskPaths: [String] = []
  /// The message as the server has it. A list is sent whole, so one of which a part is given is
  /// completed from here.
  private let stored: JSONValue

  package init(schema: MessageSchema, stored: JSONValue = .object([])) {
    self.schema = schema
    self.stored = stored
  }

  /// Sets the value at a path. An empty text clears it.
  package mutating func set(
    _ path: ResolvedPath, to text: String, reader: ValueReader
  ) throws(FieldProblem) {
    note(path.maskPath)
    if !text.isEmpty {
      set(path, to: try reader.json(text, for: path))
    } else if path.steps[0].index != nil {
      set(path, to: .null)
    }
  }

  /// Sets the value at a path.
  package mutating func set(_ path: ResolvedPath, to value: JSONValue) {
    note(path.maskPath)
    let list = path.steps[0]
    if list.index != nil, json[list.field.jsonName] == nil {
      json.set(list.field.jsonName, to: .array(elements(of: list.field.name)))
    }
    Self.set(value, at: path.steps[...], in: &json)
  }

  /// The elements of a list of the message so far; the stored ones where none are given.
  package func elements(of list: String) -> [JSONValue] {
    guard let field = schema.field(list) else { return [] }
    return (json[field.jsonName] ?? stored[field.jsonName])?.elements ?? []
  }

  /// Appends an element to a list of the message.
  package mutating func append(_ element: JSONValue, to list: String) {
    guard let field = schema.field(list) else { return }
    note(field.name)
    json.set(field.jsonName, to: .array((json[field.jsonName]?.elements ?? []) + [element]))
  }

  /// Adds the members of an object of the message's JSON, in place of what is there.
  package mutating func merge(_ object: JSONValue) {
    for member in object.members {
      json.set(schema.field(member.name)?.jsonName ?? member.name, to: member.value)
    }
  }

  /// Names a path in the mask, once.
  package mutating func note(_ maskPath: String) {
    if !maskPaths.contains(maskPath) { maskPaths.append(maskPath) }
  }

  /// The message without the elements of lists that were never set.
  package var finished: JSONValue { Self.pruned(json) }

  private static func set(
    _ value: JSONValue, at steps: ArraySlice<ResolvedPath.Step>, in json: inout JSONValue
  ) {
    guard let step = steps.first else {
      json = value
      return
    }
    let name = step.field.jsonName
    var inner = json[name] ?? .null
    if let index = step.index {
      var elements = inner.elements
      while elements.count <= index { elements.append(.null) }
      set(value, at: steps.dropFirst(), in: &elements[index])
      inner = .array(elements)
    } else {
      set(value, at: steps.dropFirst(), in: &inner)
    }
    json.set(name, to: inner)
  }

  private static func pruned(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.filter { $0 != .null }.map(pruned))
    case .object(let members): .object(members.map { .init($0.name, pruned($0.value)) })
    default: value
    }
  }
}
