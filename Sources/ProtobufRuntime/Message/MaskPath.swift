/// What is left of a field mask's path behind a field: `given` behind `name` in `name.given`.
public struct MaskPath: Sendable {
  let rest: ArraySlice<Substring>

  /// Takes over a field that has no parts.
  public func copy<Value>(_ source: Value, to target: inout Value) -> Bool {
    guard rest.isEmpty else { return false }
    target = source
    return true
  }

  /// Takes over a message field, or a part of it.
  public func copy<Value: Message>(_ source: Value?, to target: inout Value?) -> Bool {
    guard let name = rest.first else {
      target = source
      return true
    }
    var message = target ?? Value()
    guard let index = Value.descriptor.fieldIndex(protoName: name),
      message.copyField(index, from: source ?? Value(), MaskPath(rest: rest.dropFirst()))
    else { return false }
    // Taking nothing over into nothing leaves nothing.
    if target != nil || source != nil { target = message }
    return true
  }
}

extension MessageDescriptor {
  /// The index in `fields` of a name in the contract.
  func fieldIndex(protoName name: Substring) -> Int? {
    fields.firstIndex { $0.name == name }
  }
}
