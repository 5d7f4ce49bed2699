import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// What of a message is personal, clinical or secret, itself or in the messages within it.
enum PersonalFields {
  /// The path and the sensitivity of the first such field, as `staff.email (personal)`.
  static func first(in message: Descriptor) -> String? { first(in: message, inside: []) }

  /// - Parameter outer: the messages around this one. What holds itself is looked at once.
  private static func first(in message: Descriptor, inside outer: Set<String>) -> String? {
    guard !outer.contains(message.fullName) else { return nil }
    for field in message.fields {
      let sensitivity = field.clinicPolicy?.sensitivity ?? .unspecified
      switch sensitivity {
      case .personal, .clinical, .secret: return "\(field.name) (\(sensitivity))"
      case .unspecified, .public, .UNRECOGNIZED: break
      }
      // The values of a map are those of its entries, which are messages too.
      if field.type == .message,
        let inner = first(in: field.messageType, inside: outer.union([message.fullName]))
      {
        return "\(field.name).\(inner)"
      }
    }
    return nil
  }
}
