/// A field mask names a field that the message does not have.
public struct FieldMaskError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path, as `name.nickname`.
  public let path: String

  /// What is wrong, in words.
  public var description: String { "there is no field \(path)" }
}

extension Message {
  /// Whether a field mask's path names a field of this message: `birth_date` or `name.given`. `*`
  /// names all.
  public static func knows(path: String) -> Bool {
    var message = Self()
    return message.merge(Self(), path: path)
  }

  /// Takes over the fields of `other` that the mask names; what `other` has not set is unset.
  /// Lists and maps are replaced as a whole. `*` stands for all fields.
  ///
  /// - Throws: `FieldMaskError` where the message has no such field. Fields before it are merged.
  public mutating func merge(_ other: Self, mask: FieldMask) throws(FieldMaskError) {
    for path in mask.paths {
      guard merge(other, path: path) else { throw FieldMaskError(path: path) }
    }
  }

  private mutating func merge(_ other: Self, path: String) -> Bool {
    if path == "*" {
      let unknownFields = unknownFields
      self = other
      self.unknownFields = unknownFields
      return true
    }
    let names = path.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = names.first, let index = Self.descriptor.fieldIndex(protoName: first) else {
      return false
    }
    return copyField(index, from: other, MaskPath(rest: names.dropFirst()))
  }

  /// The names of the fields that are set, as a field mask's paths.
  public var populatedFields: [String] {
    var visitor = PopulatedFields()
    // This visitor does not throw.
    try? visitFields(&visitor)
    return visitor.indices.map { Self.descriptor.fields[$0].name }
  }
}

/// Collects the fields that are set.
private struct PopulatedFields: FieldVisitor {
  var indices: [Int] = []

  mutating func value(_ index: Int, _ value: some FieldValue) {
    if !value.isDefault { indices.append(index) }
  }

  mutating func optional(_ index: Int, _ value: (some FieldValue)?) {
    if value != nil { indices.append(index) }
  }

  mutating func list(_ index: Int, _ values: [some FieldValue]) {
    if !values.isEmpty { indices.append(index) }
  }

  mutating func map<Key: MapKey>(_ index: Int, _ values: [Key: some FieldValue]) {
    if !values.isEmpty { indices.append(index) }
  }
}
