/// How a message becomes JSON.
public struct JSONEncodingOptions: Sendable {
  /// Also writes fields that are not set and have a default value, lists and maps.
  public var includesDefaults: Bool
  /// Names fields as the contract does (`patient_id`) and not in camel case.
  public var usesProtoNames: Bool
  /// Writes enum values as numbers.
  public var writesEnumsAsNumbers: Bool
  /// Writes a line for each value, indented by two blanks.
  public var isPretty: Bool
  /// The types that an Any may hold.
  public var registry: TypeRegistry

  /// Options; the defaults are those of proto3 JSON.
  public init(
    includesDefaults: Bool = false, usesProtoNames: Bool = false,
    writesEnumsAsNumbers: Bool = false, isPretty: Bool = false,
    registry: TypeRegistry = .wellKnown
  ) {
    self.includesDefaults = includesDefaults
    self.usesProtoNames = usesProtoNames
    self.writesEnumsAsNumbers = writesEnumsAsNumbers
    self.isPretty = isPretty
    self.registry = registry
  }
}

/// How JSON becomes a message.
public struct JSONDecodingOptions: Sendable {
  /// Skips fields and enum values that the contract does not have instead of refusing them.
  public var ignoresUnknownFields: Bool
  /// The most levels of values inside values. Range 1 to 1,000.
  public var depth: Int
  /// The types that an Any may hold.
  public var registry: TypeRegistry

  /// Options; the defaults are those of proto3 JSON.
  public init(
    ignoresUnknownFields: Bool = false, depth: Int = 100, registry: TypeRegistry = .wellKnown
  ) {
    precondition((1...1_000).contains(depth), "depth is 1 to 1,000")
    self.ignoresUnknownFields = ignoresUnknownFields
    self.depth = depth
    self.registry = registry
  }
}
