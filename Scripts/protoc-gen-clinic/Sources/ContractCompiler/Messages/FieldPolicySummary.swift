import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// A field's policy in the words of its descriptor.
struct FieldPolicySummary {
  /// The case of `FieldDescriptor.Sensitivity`, or nil where the contract does not say.
  let sensitivity: String?
  /// The rules, as `required, at most 300 characters`.
  let rules: String

  init(_ field: FieldDescriptor) {
    guard let policy = field.clinicPolicy else {
      sensitivity = nil
      rules = ""
      return
    }
    sensitivity =
      switch policy.sensitivity {
      case .public: "public"
      case .personal: "personal"
      case .clinical: "clinical"
      case .secret: "secret"
      case .unspecified, .UNRECOGNIZED: nil
      }
    rules = Self.rules(policy, unit: field.type == .bytes ? "bytes" : "characters")
  }

  private static func rules(_ policy: Clinic_Options_V1_FieldPolicy, unit: String) -> String {
    var rules: [String] = []
    if policy.required { rules.append("required") }
    if policy.minLength > 0 { rules.append("at least \(policy.minLength) \(unit)") }
    if policy.maxLength > 0 { rules.append("at most \(policy.maxLength) \(unit)") }
    if policy.format != .unspecified { rules.append("format \(formatName(policy.format))") }
    if !policy.pattern.isEmpty { rules.append("matches \(policy.pattern)") }
    if policy.hasMinimum { rules.append("at least \(policy.minimum)") }
    if policy.hasMaximum { rules.append("at most \(policy.maximum)") }
    if policy.minItems > 0 { rules.append("at least \(policy.minItems) items") }
    if policy.maxItems > 0 { rules.append("at most \(policy.maxItems) items") }
    if policy.definedOnly { rules.append("a named value") }
    if policy.outputOnly { rules.append("set by the server") }
    return rules.joined(separator: ", ")
  }

  private static func formatName(_ format: Clinic_Options_V1_Format) -> String {
    "\(format)"
  }
}
