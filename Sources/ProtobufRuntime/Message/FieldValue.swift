/// A type that a field can hold, except for lists and maps.
public protocol FieldValue: Hashable, Sendable {
  /// The value of a field that is not set.
  init()

  /// Whether a field without presence counts as not set with this value.
  var isDefault: Bool { get }

  /// Reports what no value of this type may be, whatever the contract says of its field: with an
  /// empty field, or with the path inside of the value.
  func checkWellFormed(_ violations: inout Violations)

  /// Writes the value as proto3 JSON.
  func writeJSON(to writer: inout JSONWriter) throws(JSONError)

  /// Reads the value from proto3 JSON. Nil where it is to be skipped: an enum value that the
  /// contract does not have, with `ignoresUnknownFields`.
  init?(json reader: inout JSONReader) throws(JSONError)

  /// Whether JSON's null is a value of this type and not the absence of one.
  static var acceptsNull: Bool { get }
}

extension FieldValue {
  /// Whether the value equals that of a field that is not set.
  public var isDefault: Bool { self == Self() }
  /// Finds nothing wrong: for types of which every value means something.
  public func checkWellFormed(_ violations: inout Violations) {}
  /// Whether null is a value of this type.
  public static var acceptsNull: Bool { false }
}

/// A type of map keys.
public protocol MapKey: Hashable, Sendable {
  /// Whether `left` is written before `right`.
  static func precedes(_ left: Self, _ right: Self) -> Bool

  /// The key as JSON's object key.
  var jsonKey: String { get }

  /// The key of an object key, or nil where it is not of this type.
  init?(jsonKey: String)
}

extension MapKey where Self: Comparable {
  /// Whether `left` is written before `right`.
  @inlinable
  public static func precedes(_ left: Self, _ right: Self) -> Bool { left < right }
}

extension MapKey where Self: FixedWidthInteger {
  /// The key as JSON's object key.
  public var jsonKey: String { String(self) }

  /// The key of an object key, or nil where it is not of this type.
  public init?(jsonKey: String) {
    // Only the canonical form: no plus sign, no leading zeros.
    guard let value = Self(jsonKey), String(value) == jsonKey else { return nil }
    self = value
  }
}

extension Int32: MapKey {}
extension Int64: MapKey {}
extension UInt32: MapKey {}
extension UInt64: MapKey {}

extension String: MapKey {
  /// The key as JSON's object key.
  public var jsonKey: String { self }

  /// The key of an object key, or nil where it is not of this type.
  public init?(jsonKey: String) {
    self = jsonKey
  }
}

extension Bool: MapKey {
  /// Whether `left` is written before `right`.
  @inlinable
  public static func precedes(_ left: Bool, _ right: Bool) -> Bool { !left && right }

  /// The key as JSON's object key.
  public var jsonKey: String { self ? "true" : "false" }

  /// The key of an object key, or nil where it is not of this type.
  public init?(jsonKey: String) {
    switch jsonKey {
    case "true": self = true
    case "false": self = false
    default: return nil
    }
  }
}
