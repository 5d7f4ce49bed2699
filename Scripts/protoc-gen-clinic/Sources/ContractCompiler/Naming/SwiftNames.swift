import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The Swift names of a contract's types, properties and cases.
///
/// The rules are swift-protobuf's: a type has the file's `swift_prefix`, or one made of the package,
/// in front; names are camel-cased with `ID`, `URL` and `HTTP` in capitals; words that Swift
/// reserves are quoted or given a suffix. Well-known types have the runtime's short names.
struct SwiftNames {
  private let options: GenerationOptions
  private let namer = SwiftProtobufNamer()

  init(options: GenerationOptions) {
    self.options = options
  }

  // MARK: Types

  /// The name of a message inside its parent: `FieldViolation`.
  func relativeName(_ message: Descriptor) -> String {
    if let name = Self.wellKnownName(message.fullName) { return name }
    return Self.keepingRuntimeTypes(namer.relativeName(message: message), suffix: "Message")
  }

  /// The name of a message from the top of its module: `BadRequest.FieldViolation`.
  func typeName(_ message: Descriptor) -> String {
    let name = relativeName(message)
    guard let parent = message.containingType else { return name }
    return typeName(parent) + "." + name
  }

  /// The name of an enum inside its parent.
  func relativeName(_ enumeration: EnumDescriptor) -> String {
    if let name = Self.wellKnownName(enumeration.fullName) { return name }
    return Self.keepingRuntimeTypes(namer.relativeName(enum: enumeration), suffix: "Enum")
  }

  /// The name of an enum from the top of its module.
  func typeName(_ enumeration: EnumDescriptor) -> String {
    let name = relativeName(enumeration)
    guard let parent = enumeration.containingType else { return name }
    return typeName(parent) + "." + name
  }

  /// A message's type as code inside `scope` names it: with a module in front where a nested type
  /// hides it.
  func reference(to message: Descriptor, in scope: Descriptor?) -> String {
    reference(typeName(message), declaredIn: message.file, in: scope)
  }

  /// An enum's type as code inside `scope` names it.
  func reference(to enumeration: EnumDescriptor, in scope: Descriptor?) -> String {
    reference(typeName(enumeration), declaredIn: enumeration.file, in: scope)
  }

  // MARK: Members

  /// The property of a field.
  func property(_ field: FieldDescriptor) -> String {
    let name = namer.messagePropertyNames(field: field, prefixed: "", includeHasAndClear: false)
      .name
    return Self.runtimeProperties.contains(name) ? name + "_p" : name
  }

  /// The case of an enum value, without a leading dot.
  func caseName(_ value: EnumValueDescriptor) -> String {
    let name = namer.relativeName(enumValue: value)
    return name == "unrecognized" ? "unrecognized_" : name
  }

  /// The property of a oneof.
  func property(_ oneof: OneofDescriptor) -> String {
    let name = namer.messagePropertyName(oneof: oneof, prefixed: "").name
    return Self.runtimeProperties.contains(name) ? name + "_p" : name
  }

  /// The enum of a oneof, nested in its message: `Part`, or `PartOneof` where the message uses
  /// another type of that name.
  func relativeName(_ oneof: OneofDescriptor) -> String {
    var name = String(namer.relativeName(oneof: oneof).dropFirst("OneOf_".count))
    let taken = usedNames(oneof.containingType)
    if taken.contains(name) || Self.runtimeTypes.contains(name) || Self.swiftTypes.contains(name) {
      name += "Oneof"
    }
    return name
  }

  /// The case of a oneof's field. A oneof is an optional enum, so `none` and `some` would be taken for
  /// the cases of Optional.
  func caseName(_ field: FieldDescriptor) -> String {
    let name = property(field)
    return Self.optionalCases.contains(name) ? name + "_" : name
  }

  /// A name without its backticks.
  static func unquoted(_ name: String) -> String {
    name.hasPrefix("`") ? String(name.dropFirst().dropLast()) : name
  }
}

// MARK: - Clashes

extension SwiftNames {
  /// The runtime's name of a well-known type, or nil for any other type.
  static func wellKnownName(_ fullName: String) -> String? {
    wellKnownNames[fullName]
  }

  private static let wellKnownNames: [String: String] = [
    "google.protobuf.Any": "ProtoAny",
    "google.protobuf.Duration": "ProtoDuration",
    "google.protobuf.Empty": "ProtoEmpty",
    "google.protobuf.FieldMask": "FieldMask",
    "google.protobuf.Timestamp": "Timestamp",
    "google.protobuf.Struct": "ProtoStruct",
    "google.protobuf.Value": "ProtoValue",
    "google.protobuf.ListValue": "ProtoListValue",
    "google.protobuf.NullValue": "ProtoNullValue",
    "google.protobuf.DoubleValue": "DoubleValue",
    "google.protobuf.FloatValue": "FloatValue",
    "google.protobuf.Int64Value": "Int64Value",
    "google.protobuf.UInt64Value": "UInt64Value",
    "google.protobuf.Int32Value": "Int32Value",
    "google.protobuf.UInt32Value": "UInt32Value",
    "google.protobuf.BoolValue": "BoolValue",
    "google.protobuf.StringValue": "StringValue",
    "google.protobuf.BytesValue": "BytesValue"
  ]

  /// Types of Swift and of the runtime that generated code names without a module, and `Actor`, which
  /// whoever imports it does.
  private static let swiftTypes: Set<String> = [
    "Actor", "Any", "Array", "Bool", "Codable", "CustomStringConvertible", "Dictionary", "Double",
    "Error", "Float", "Hashable", "Hasher", "Int", "Int16", "Int32", "Int64", "Int8", "Never",
    "Optional", "Result", "Self", "Sendable", "Set", "String", "Task", "UInt16", "UInt32", "UInt64",
    "UInt8", "UnsafeRawPointer", "UnsafeMutableRawPointer", "Void"
  ]
  private static let runtimeTypes: Set<String> = [
    "Boxed", "BytesRules", "CallContext", "CallKind", "CallOptions", "Client", "EnumDescriptor",
    "EnumRules", "FieldDescriptor", "FieldVisitor", "Handler", "ItemRules", "JSONError",
    "JSONReader",
    "MaskPath", "Message", "MessageDescriptor", "MethodDescriptor", "MethodPolicy", "Methods",
    "NumberRules", "OpenEnum", "PermissionDescriptor", "ProtobufRuntime", "RPCChannel", "RPCCore",
    "RPCService", "RequestStream", "RequestWriter", "ResponseStream", "ResponseWriter", "Router",
    "ServiceDescriptor", "StringFormat", "StringPattern", "StringRules", "TenantContext",
    "UnknownFields", "Violations", "WireDecoder", "WireEncoder", "WireLayout"
  ]
  private static let runtimeProperties: Set<String> = [
    "jsonString", "serializedBytes", "unknownFields", "validationErrors", "withSerializedBytes"
  ]
  private static let optionalCases: Set<String> = ["none", "some"]

  private static func keepingRuntimeTypes(_ name: String, suffix: String) -> String {
    runtimeTypes.contains(name) || swiftTypes.contains(name) ? name + suffix : name
  }

  private func reference(
    _ name: String, declaredIn file: FileDescriptor, in scope: Descriptor?
  ) -> String {
    let root = root(name)
    var isHidden = false
    var current = scope
    while let message = current {
      let isNestedHere = name.hasPrefix(typeName(message) + ".")
      isHidden = isHidden || (!isNestedHere && nestedNames(message).contains(root))
      current = message.containingType
    }
    let module = options.swiftModule(of: file)
    if let own = scope?.file, module != options.swiftModule(of: own) {
      isHidden =
        isHidden || own.messages.map(relativeName).contains(root)
        || own.enums.map(relativeName).contains(root)
    }
    // A module selector, because the module may hold a type of its own name.
    return isHidden ? module + "::" + name : name
  }

  /// The names of the types nested in a message, without its oneofs (which yield to all others).
  private func nestedNames(_ message: Descriptor) -> Set<String> {
    Set(message.messages.filter { !$0.options.mapEntry }.map(relativeName))
      .union(message.enums.map(relativeName))
  }

  /// The first components of all type names that a message and what is nested in it use.
  private func usedNames(_ message: Descriptor) -> Set<String> {
    var names = nestedNames(message).union([relativeName(message)])
    for field in message.fields {
      if field.type == .message {
        let type: Descriptor = field.messageType
        if let entry = type.mapKeyAndValue {
          if entry.value.type == .message { names.insert(root(typeName(entry.value.messageType))) }
          if entry.value.type == .enum { names.insert(root(typeName(entry.value.enumType))) }
        } else {
          names.insert(root(typeName(type)))
        }
      } else if field.type == .enum {
        names.insert(root(typeName(field.enumType)))
      }
    }
    for nested in message.messages where !nested.options.mapEntry {
      names.formUnion(usedNames(nested))
    }
    return names
  }

  private func root(_ name: String) -> String {
    String(name.prefix { $0 != "." })
  }
}
