import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// How one field is spelled in Swift and in C: the one place that knows each kind of field.
struct FieldShape {
  let field: FieldDescriptor
  let names: SwiftNames
  /// The message that the field belongs to, for names.
  let scope: Descriptor

  init(_ field: FieldDescriptor, names: SwiftNames, scope: Descriptor) {
    self.field = field
    self.names = names
    self.scope = scope
  }

  // MARK: Kinds

  var isMap: Bool { field.isMap }
  var isMessage: Bool { field.type == .message && !isMap }
  /// A scalar that tells "not set" from the default value.
  var isOptionalScalar: Bool { field.hasPresence && !isMessage && field.realContainingOneof == nil }
  /// A message field in a message that it (or a type between) contains: stored in a box.
  var isBoxed: Bool {
    isMessage && !field.isRepeated && Recursion.reaches(scope, from: field.messageType)
  }

  // MARK: Swift

  var property: String { names.property(field) }

  /// The property that generated code uses: behind a deprecated one there is another, whose use is not
  /// warned about.
  var storage: String { isDeprecated ? SwiftNames.unquoted(property) + "Storage" : property }

  /// Whether users of the property are warned. A oneof's case cannot be: the decoder makes it.
  var isDeprecated: Bool { field.options.deprecated && field.realContainingOneof == nil }

  /// The type of one value.
  var elementType: String {
    switch field.type {
    case .double: "Double"
    case .float: "Float"
    case .int32, .sint32, .sfixed32: "Int32"
    case .int64, .sint64, .sfixed64: "Int64"
    case .uint32, .fixed32: "UInt32"
    case .uint64, .fixed64: "UInt64"
    case .bool: "Bool"
    case .string: "String"
    case .bytes: "[UInt8]"
    case .enum: names.reference(to: field.enumType, in: scope)
    case .message, .group: names.reference(to: field.messageType, in: scope)
    }
  }

  /// The type of the property.
  var type: String {
    if let (key, value) = mapEntry { return "[\(key.elementType): \(value.elementType)]" }
    if field.isRepeated { return "[\(elementType)]" }
    return field.hasPresence ? elementType + "?" : elementType
  }

  /// The property's value when nothing is set.
  var defaultValue: String {
    if isMap { return "[:]" }
    if field.isRepeated { return "[]" }
    if field.hasPresence { return "nil" }
    return elementDefault
  }

  /// The default of one value.
  var elementDefault: String {
    switch field.type {
    case .string: "\"\""
    case .bytes: "[]"
    case .bool: "false"
    case .enum: "." + SwiftNames.unquoted(names.caseName(field.enumType.zero))
    case .message, .group: elementType + "()"
    default: "0"
    }
  }

  var mapEntry: (key: FieldShape, value: FieldShape)? {
    guard field.isMap, let entry = field.messageType.mapKeyAndValue else { return nil }
    return (
      FieldShape(entry.key, names: names, scope: scope),
      FieldShape(entry.value, names: names, scope: scope)
    )
  }

  // MARK: Bridge to C

  var member: String { CNames.member(field) }
  var countMember: String { CNames.countMember(field) }

  /// Reads one singular value from a C expression.
  func read(_ c: String) -> String {
    switch field.type {
    case .string: "decoder.string(\(c))"
    case .bytes: "decoder.bytes(\(c))"
    case .bool: "\(c) != 0"
    case .enum: "decoder.enumeration(\(c))"
    case .message, .group: "decoder.member(\(c))"
    default: c
    }
  }

  /// Writes one singular value as a C expression.
  func write(_ value: String) -> String {
    switch field.type {
    case .string: "encoder.string(\(value))"
    case .bytes: "encoder.bytes(\(value))"
    case .bool: "\(value) ? 1 : 0"
    case .enum: "\(value).rawValue"
    case .message, .group: "encoder.member(\(value))"
    default: value
    }
  }

  /// The codec's function for a repeated field.
  var repeatedFunction: String {
    switch field.type {
    case .string: "strings"
    case .bytes: "byteArrays"
    case .bool: "bools"
    case .enum: "enumerations"
    case .message, .group: "messages"
    default: "array"
    }
  }

  var isFloatingPoint: Bool { field.type == .float || field.type == .double }

  /// The name of the type's kind in `FieldDescriptor.Kind`.
  var kind: String {
    switch field.type {
    case .double: "double"
    case .float: "float"
    case .int32: "int32"
    case .int64: "int64"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .sint32: "sint32"
    case .sint64: "sint64"
    case .fixed32: "fixed32"
    case .fixed64: "fixed64"
    case .sfixed32: "sfixed32"
    case .sfixed64: "sfixed64"
    case .bool: "bool"
    case .string: "string"
    case .bytes: "bytes"
    case .enum: "enumeration"
    case .message, .group: "message"
    }
  }
}

/// Which messages contain themselves.
enum Recursion {
  /// Whether a value of type `start` can hold a value of type `target` in line, that is through
  /// singular fields only: lists and maps keep their elements elsewhere.
  static func reaches(_ target: Descriptor, from start: Descriptor) -> Bool {
    var visited: Set<String> = []
    var waiting = [start]
    while let message = waiting.popLast() {
      if message.fullName == target.fullName { return true }
      guard visited.insert(message.fullName).inserted else { continue }
      for field in message.fields where field.type == .message && !field.isRepeated {
        waiting.append(field.messageType)
      }
    }
    return false
  }
}
