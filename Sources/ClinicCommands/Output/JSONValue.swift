/// A JSON value that keeps the order of an object's members and the spelling of its numbers, so
/// that what the server said is what the user sees.
package indirect enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  /// The number as it is spelt.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A name and value of an object.
  package struct Member: Sendable, Hashable {
    package var name: String
    package var value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(members.map { Member($0.0, $0.1) })
  }
}

extension JSONValue {
  /// The member named `name` of an object; nil for anything else.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The value at a path of member names parted by dots; nil where there is none.
  package func value(at path: String) -> JSONValue? {
    var value = self
    for name in path.split(separator: ".") {
      guard let next = value[String(name)] else { return nil }
      value = next
    }
    return value
  }

  /// The elements of an array; none for anything else.
  package var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  /// The members of an object; none for anything else.
  package var members: [Member] {
    if case .object(let members) = self { members } else { [] }
  }

  /// The text of a string; nil for anything else.
  package var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// Whether the value is an array or an object.
  package var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  /// A scalar as people read it; nil for arrays and objects. Null is empty.
  package var scalarText: String? {
    switch self {
    case .null: ""
    case .bool(let bool): bool ? "true" : "false"
    case .number(let number): number
    case .string(let string): string
    case .array, .object: nil
    }
  }

  /// Sets the member `name` of an object, at its place or as the last one. Anything else becomes
  /// an object first.
  package mutating func set(_ name: String, to value: JSONValue) {
    var members = members
    if let index = members.firstIndex(where: { $0.name == name }) {
      members[index].value = value
    } else {
      members.append(Member(name, value))
    }
    self = .object(members)
  }
}
