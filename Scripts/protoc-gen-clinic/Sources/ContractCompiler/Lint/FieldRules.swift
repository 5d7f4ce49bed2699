import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The rules of a field: its policy is there and fits its type, and names with a meaning have it.
struct FieldRules {
  private let field: FieldDescriptor
  private let name: String
  private let policy: Clinic_Options_V1_FieldPolicy

  init(_ field: FieldDescriptor) {
    self.field = field
    name = "field \(field.name)"
    policy = field.clinicPolicy ?? Clinic_Options_V1_FieldPolicy()
  }

  func check(_ report: inout LintReport) {
    checkSensitivity(&report)
    checkKinds(&report)
    checkRanges(&report)
    checkPresence(&report)
    checkPattern(&report)
    checkName(&report)
  }

  private func checkSensitivity(_ report: inout LintReport) {
    switch policy.sensitivity {
    case .unspecified, .UNRECOGNIZED:
      report.add(
        "\(name) needs a sensitivity: public, personal, clinical or secret", at: field)
    case .public, .personal, .clinical, .secret: break
    }
  }

  // MARK: Rules and types

  /// The type of the values that the rules are about.
  private var valueType: Google_Protobuf_FieldDescriptorProto.TypeEnum {
    if field.isMap, let value = field.messageType.mapKeyAndValue?.value { return value.type }
    return field.type
  }

  private var isNumber: Bool {
    switch valueType {
    case .string, .bytes, .bool, .enum, .message, .group: false
    default: true
    }
  }

  private func checkKinds(_ report: inout LintReport) {
    let isList = field.isRepeated
    let isText = valueType == .string
    let hasLength = policy.minLength > 0 || policy.maxLength > 0
    let misfits: [(Bool, Bool, String, String)] = [
      (hasLength, isText || valueType == .bytes, "a length", "strings and bytes"),
      (policy.format != .unspecified, isText, "a format", "strings"),
      (!policy.pattern.isEmpty, isText, "a pattern", "strings"),
      (policy.hasMinimum || policy.hasMaximum, isNumber, "a range", "numbers"),
      (policy.minItems > 0 || policy.maxItems > 0, isList, "a count", "repeated fields and maps"),
      (policy.definedOnly, valueType == .enum, "`defined_only`", "enums"),
      (policy.partial, field.type == .message && !isList, "`partial`", "singular messages"),
      (policy.unchecked, valueType == .message, "`unchecked`", "messages")
    ]
    for (isStated, fits, rule, types) in misfits where isStated && !fits {
      report.add("\(name) has \(rule), which is for \(types)", at: field)
    }
    if case .UNRECOGNIZED(let number) = policy.format {
      report.add("\(name) has the unknown format \(number)", at: field)
    }
  }

  private func checkRanges(_ report: inout LintReport) {
    if policy.maxLength > 0 && policy.minLength > policy.maxLength {
      report.add("\(name) has a min_length above its max_length", at: field)
    }
    if policy.maxItems > 0 && policy.minItems > policy.maxItems {
      report.add("\(name) has a min_items above its max_items", at: field)
    }
    if policy.hasMinimum && policy.hasMaximum && policy.minimum > policy.maximum {
      report.add("\(name) has a minimum above its maximum", at: field)
    }
    guard isNumber, let range = typeRange else { return }
    if policy.hasMinimum && !range.contains(policy.minimum)
      || policy.hasMaximum && !range.contains(policy.maximum)
    {
      report.add("\(name) has a range that its type cannot hold", at: field)
    }
  }

  /// The values of the type, as far as a rule can name them.
  private var typeRange: ClosedRange<Int64>? {
    switch valueType {
    case .int32, .sint32, .sfixed32: Int64(Int32.min)...Int64(Int32.max)
    case .uint32, .fixed32: 0...Int64(UInt32.max)
    case .uint64, .fixed64: 0...Int64.max
    default: nil
    }
  }

  private func checkPresence(_ report: inout LintReport) {
    if policy.required && policy.outputOnly {
      report.add("\(name) is set by the server, so it cannot be required", at: field)
    }
    if policy.required && field.realContainingOneof != nil && field.type == .message {
      report.add("\(name) is one of several, so it cannot be required", at: field)
    }
  }

  private func checkPattern(_ report: inout LintReport) {
    guard !policy.pattern.isEmpty else { return }
    do {
      _ = try PatternCompiler.compile(policy.pattern)
    } catch {
      report.add("\(name) has a pattern that cannot be compiled: \(error.description)", at: field)
    }
  }

  // MARK: Names with a meaning

  /// The names that every contract uses for one thing only.
  private static let meanings:
    [String: (type: Google_Protobuf_FieldDescriptorProto.TypeEnum, typeName: String)] = [
      "request_id": (.string, "string"),
      "validate_only": (.bool, "bool"),
      "page_size": (.int32, "int32"),
      "page_token": (.string, "string"),
      "next_page_token": (.string, "string"),
      "etag": (.string, "string"),
      "update_mask": (.message, "google.protobuf.FieldMask"),
      "create_time": (.message, "google.protobuf.Timestamp"),
      "update_time": (.message, "google.protobuf.Timestamp")
    ]

  private func checkName(_ report: inout LintReport) {
    guard let meaning = Self.meanings[field.name] else { return }
    let fits =
      field.type == meaning.type && !field.isRepeated
      && (meaning.type != .message || field.messageType.fullName == meaning.typeName)
    if !fits {
      report.add("\(name) is a reserved name: it is always a \(meaning.typeName)", at: field)
    } else if field.name == "request_id" && policy.format != .uuid {
      report.add("\(name) is a UUID: state FORMAT_UUID", at: field)
    }
  }
}
