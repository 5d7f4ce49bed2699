import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Which fields have something to check, in themselves or further down.
enum RuleReach {
  /// Whether a message's validator would check anything.
  static func hasRules(_ message: Descriptor) -> Bool {
    var visited: Set<String> = []
    var waiting = [message]
    while let message = waiting.popLast() {
      guard visited.insert(message.fullName).inserted else { continue }
      for field in message.fields where !isIgnored(field) {
        if hasOwnRules(field) { return true }
        if let inner = descent(of: field) { waiting.append(inner) }
      }
    }
    return false
  }

  /// Whether a field has something to check.
  static func isChecked(_ field: FieldDescriptor) -> Bool {
    if isIgnored(field) { return false }
    return hasOwnRules(field) || descent(of: field).map(hasRules) ?? false
  }

  /// The message whose rules are checked through a field.
  static func descent(of field: FieldDescriptor) -> Descriptor? {
    field.clinicPolicy?.unchecked == true ? nil : message(of: field)
  }

  /// The message that a field, or each value of a map, holds.
  static func message(of field: FieldDescriptor) -> Descriptor? {
    guard field.type == .message else { return nil }
    guard let entry = field.messageType.mapKeyAndValue else { return field.messageType }
    return entry.value.type == .message ? entry.value.messageType : nil
  }

  /// The server sets the field, so what a request holds is ignored and may be wrong.
  private static func isIgnored(_ field: FieldDescriptor) -> Bool {
    field.clinicPolicy?.outputOnly == true
  }

  private static func hasOwnRules(_ field: FieldDescriptor) -> Bool {
    guard let policy = field.clinicPolicy else { return false }
    return policy.required || policy.minLength > 0 || policy.maxLength > 0
      || policy.format != .unspecified || policy.hasMinimum || policy.hasMaximum
      || policy.minItems > 0 || policy.maxItems > 0 || !policy.pattern.isEmpty
      || policy.definedOnly
  }
}
