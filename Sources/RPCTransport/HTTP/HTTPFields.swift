package import RPCCore

/// Named values of an HTTP message, in order; the names are lower-case.
package struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// One named value.
  package struct Field: Sendable, Hashable {
    package let name: String
    package let value: String
  }

  /// The fields, in order.
  package private(set) var all: [Field] = []

  package init() {}

  package init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { add(name, value) }
  }

  /// The first value of this name.
  package subscript(name: String) -> String? { all.first { $0.name == name }?.value }

  /// Adds a field. The name is lower-case.
  package mutating func add(_ name: String, _ value: String) {
    all.append(Field(name: name, value: value))
  }

  /// Adds the entries of metadata, with a prefix to their names.
  package mutating func add(_ metadata: Metadata, prefix: String = "") {
    for entry in metadata.entries { add(prefix + entry.name, entry.headerText) }
  }
}
