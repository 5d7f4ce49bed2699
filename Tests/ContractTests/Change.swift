import ProtobufRuntime
import Testing

/// A change to a message, and the one violation that comes of it; none where the reason is empty.
struct Change<Value: Message>: Sendable, CustomTestStringConvertible {
  let field: String
  let reason: String
  let apply: @Sendable (inout Value) -> Void

  init(_ field: String, _ reason: String, _ apply: @escaping @Sendable (inout Value) -> Void) {
    self.field = field
    self.reason = reason
    self.apply = apply
  }

  var testDescription: String { reason.isEmpty ? "nothing wrong" : "\(field): \(reason)" }
}
