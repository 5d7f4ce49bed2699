/// What a contract says of a field.
public struct FieldDescriptor: Sendable {
  /// The type of a field's values.
  public enum Kind: String, Sendable, Hashable {
    case double, float, int32, int64, uint32, uint64, sint32, sint64, fixed32, fixed64, sfixed32
    case sfixed64, bool, string, bytes, message
    case enumeration = "enum"
  }

  /// How many values a field has.
  public enum Cardinality: String, Sendable, Hashable {
    /// One; the default value where it is not set.
    case singular
    /// One or none: `optional` fields, message fields and members of a oneof.
    case optional
    /// A list.
    case repeated
    /// A map. The field's kind is that of the values.
    case map
  }

  /// How sensitive the values are: drives redaction, audit, export and erasure.
  public enum Sensitivity: UInt8, Sendable, Hashable, Comparable {
    /// The contract does not say. Treated like `public` outside of clinic contracts.
    case unspecified = 0
    /// Says nothing about a person.
    case `public` = 1
    /// Identifies or describes a person.
    case personal = 2
    /// Says something about a person's health or care.
    case clinical = 3
    /// A credential: never logged, stored or shown.
    case secret = 4

    /// Whether `left` is less sensitive.
    public static func < (left: Sensitivity, right: Sensitivity) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  /// The field number.
  public let number: Int32
  /// The name in the contract, as `patient_id`.
  public let name: String
  /// The name in JSON, as `patientId`.
  public let jsonName: String
  /// The type of the values.
  public let kind: Kind
  /// How many values the field has.
  public let cardinality: Cardinality
  /// The full name of a message's or enum's type, else empty.
  public let typeName: String
  /// The type of a map's keys.
  public let mapKey: Kind?
  /// The oneof that the field belongs to, else empty.
  public let oneof: String
  /// How sensitive the values are.
  public let sensitivity: Sensitivity
  /// The rules of the field's policy in words, as `required, at most 300 characters`.
  public let rules: String
  /// Whether the contract calls the field deprecated.
  public let isDeprecated: Bool
  /// The contract's comment.
  public let documentation: String

  /// A field, as generated code describes it.
  public init(
    _ number: Int32, _ name: String, json jsonName: String, _ kind: Kind,
    _ cardinality: Cardinality = .singular, type typeName: String = "", key mapKey: Kind? = nil,
    oneof: String = "", sensitivity: Sensitivity = .unspecified, rules: String = "",
    isDeprecated: Bool = false, doc documentation: String = ""
  ) {
    self.number = number
    self.name = name
    self.jsonName = jsonName
    self.kind = kind
    self.cardinality = cardinality
    self.typeName = typeName
    self.mapKey = mapKey
    self.oneof = oneof
    self.sensitivity = sensitivity
    self.rules = rules
    self.isDeprecated = isDeprecated
    self.documentation = documentation
  }
}
