/// The fields of a message as command lines and files name them.
package struct MessageSchema: Sendable {
  /// What a field holds.
  package enum Kind: Sendable, Hashable {
    case string
    case bytes
    case bool
    case integer
    case number
    /// An enum with its value names, the zero value first.
    case enumeration([String])
    /// A message by its full name.
    case message(String)
  }

  /// A field.
  package struct Field: Sendable, Hashable {
    /// The name in the contract, as `birth_date`.
    package var name: String
    /// The name in JSON, as `birthDate`.
    package var jsonName: String
    package var kind: Kind
    package var isRepeated: Bool
    package var isMap: Bool

    package init(
      _ name: String, _ kind: Kind, jsonName: String? = nil, isRepeated: Bool = false,
      isMap: Bool = false
    ) {
      self.name = name
      self.jsonName = jsonName ?? Self.camelCased(name)
      self.kind = kind
      self.isRepeated = isRepeated
      self.isMap = isMap
    }

    private static func camelCased(_ name: String) -> String {
      let words = name.split(separator: "_")
      return words.enumerated().map { index, word in
        index == 0 ? String(word) : word.prefix(1).uppercased() + word.dropFirst()
      }.joined()
    }
  }

  /// The message's full name.
  package let fullName: String
  /// The fields in the contract's order.
  package let fields: [Field]
  /// Finds the schema of another message.
  package let lookUp: @Sendable (String) -> MessageSchema?

  package init(
    fullName: String, fields: [Field],
    lookUp: @escaping @Sendable (String) -> MessageSchema? = { _ in nil }
  ) {
    self.fullName = fullName
    self.fields = fields
    self.lookUp = lookUp
  }

  /// The field of this name, in the contract's or JSON's spelling.
  package func field(_ name: String) -> Field? {
    fields.first { $0.name == name || $0.jsonName == name }
  }
}
