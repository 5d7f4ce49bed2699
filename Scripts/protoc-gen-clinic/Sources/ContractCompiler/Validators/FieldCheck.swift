import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The statement of a validator that checks one field.
struct FieldCheck {
  private let field: FieldDescriptor
  private let policy: Clinic_Options_V1_FieldPolicy
  private let names: SwiftNames
  private let shape: FieldShape

  init(_ field: FieldDescriptor, names: SwiftNames, scope: Descriptor) {
    self.field = field
    self.names = names
    shape = FieldShape(field, names: names, scope: scope)
    policy = field.clinicPolicy ?? Clinic_Options_V1_FieldPolicy()
  }

  /// The name of the static property that holds the field's pattern.
  var patternName: String { SwiftNames.unquoted(names.property(field)) + "Pattern" }

  func print(to printer: inout CodePrinter) {
    guard let oneof = field.realContainingOneof else {
      return printer.printLines(statement(of: shape.storage))
    }
    let property = names.property(oneof)
    printer.printBlock("if case .\(names.caseName(field))(let value)? = self.\(property) {") {
      $0.printLines(memberStatement)
    }
  }

  // MARK: Statements

  private func statement(of property: String) -> String {
    let value = "self.\(property)"
    if let entry = mapEntry { return mapStatement(of: value, entry: entry) }
    if field.type == .message {
      return field.isRepeated ? messagesStatement(of: value) : messageStatement(of: value)
    }
    if field.isRepeated {
      guard let rules = valueRules(of: field, required: false) else {
        return call("checkCount", ["\(value).count", itemRules, "partial: partial"])
      }
      return call("check", [value, itemRules, rules, "partial: partial"])
    }
    let required = policy.required
    guard let rules = valueRules(of: field, required: required) else {
      let isSet = field.hasPresence ? "\(value) != nil" : value
      return call("check", ["isSet: \(isSet)", "partial: partial"])
    }
    return call("check", [value, rules, "partial: partial"])
  }

  private func messageStatement(of value: String) -> String {
    var arguments = [value]
    if policy.required { arguments.append("required: true") }
    arguments.append("partial: partial")
    arguments.append("innerPartial: \(policy.partial ? "true" : "partial")")
    if !descends { arguments.append("descends: false") }
    return call("check", arguments)
  }

  private func messagesStatement(of value: String) -> String {
    var arguments = [value, itemRules, "partial: partial"]
    if !descends { arguments.append("descends: false") }
    return call("check", arguments)
  }

  private func mapStatement(of value: String, entry: FieldDescriptor) -> String {
    let head = call("check", [value, itemRules, "partial: partial"])
    let count = call("checkCount", ["\(value).count", itemRules, "partial: partial"])
    if descends { return head + " { $1.validate(&$0, partial: false) }" }
    guard entry.type != .message, let rules = valueRules(of: entry, required: false) else {
      return count
    }
    return head + " { $0.check(\"\", $1, \(rules), partial: false) }"
  }

  /// The statement for a member of a oneof, bound to `value`.
  private var memberStatement: String {
    if field.type == .message {
      return call("check", ["value", "partial: \(policy.partial ? "true" : "partial")"])
    }
    guard let rules = valueRules(of: field, required: policy.required) else {
      return call("check", ["isSet: true", "partial: partial"])
    }
    return call("check", ["Optional(value)", rules, "partial: partial"])
  }

  private func call(_ function: String, _ arguments: [String]) -> String {
    let list = [literal(field.name)] + arguments
    return "violations.\(function)(\(list.joined(separator: ", ")))"
  }

  // MARK: Rules

  private var descends: Bool { RuleReach.descent(of: field).map(RuleReach.hasRules) ?? false }

  private var mapEntry: FieldDescriptor? {
    field.isMap ? field.messageType.mapKeyAndValue?.value : nil
  }

  private var itemRules: String {
    initializer(
      "ItemRules",
      [
        policy.required ? "required: true" : nil,
        policy.minItems > 0 ? "minItems: \(policy.minItems)" : nil,
        policy.maxItems > 0 ? "maxItems: \(policy.maxItems)" : nil
      ])
  }

  /// The rules of one value, or nil for a type that has none but being set.
  private func valueRules(of field: FieldDescriptor, required: Bool) -> String? {
    let isRequired = required ? "required: true" : nil
    let lengths = [
      policy.minLength > 0 ? "minLength: \(policy.minLength)" : nil,
      policy.maxLength > 0 ? "maxLength: \(policy.maxLength)" : nil
    ]
    switch field.type {
    case .string:
      let format = formatName.map { "format: .\($0)" }
      let pattern = policy.pattern.isEmpty ? nil : "pattern: Self.\(patternName)"
      return initializer("StringRules", [isRequired] + lengths + [format, pattern])
    case .bytes:
      return initializer("BytesRules", [isRequired] + lengths)
    case .enum:
      return initializer(
        "EnumRules", [isRequired, policy.definedOnly ? "definedOnly: true" : nil])
    case .bool, .message, .group:
      return nil
    default:
      return initializer(
        "NumberRules",
        [
          isRequired, policy.hasMinimum ? "minimum: \(policy.minimum)" : nil,
          policy.hasMaximum ? "maximum: \(policy.maximum)" : nil
        ])
    }
  }

  private func initializer(_ type: String, _ arguments: [String?]) -> String {
    "\(type)(\(arguments.compactMap { $0 }.joined(separator: ", ")))"
  }

  /// The case of `StringFormat`.
  private var formatName: String? {
    switch policy.format {
    case .unspecified, .UNRECOGNIZED: nil
    case .uuid: "uuid"
    case .email: "email"
    case .e164: "e164"
    case .language: "language"
    case .timeZone: "timeZone"
    case .currency: "currency"
    case .country: "country"
    case .slug: "slug"
    case .line: "line"
    case .url: "url"
    }
  }
}
