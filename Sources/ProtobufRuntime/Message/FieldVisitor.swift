/// Is shown a message's fields one by one, in the contract's order. Fields are named by their index
/// in the descriptor.
public protocol FieldVisitor {
  /// A field without presence: set unless it has the default value.
  mutating func value(_ index: Int, _ value: some FieldValue) throws(JSONError)

  /// A field with presence.
  mutating func optional(_ index: Int, _ value: (some FieldValue)?) throws(JSONError)

  /// A repeated field.
  mutating func list(_ index: Int, _ values: [some FieldValue]) throws(JSONError)

  /// A map field.
  mutating func map<Key: MapKey>(
    _ index: Int, _ values: [Key: some FieldValue]
  ) throws(JSONError)
}
