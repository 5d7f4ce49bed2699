/// A well-known type that wraps one value, and is that value in JSON.
protocol JSONWrapper: Message {
  associatedtype Wrapped: FieldValue
  var value: Wrapped { get set }
}

extension JSONWrapper {
  /// Writes the value as proto3 JSON.
  public func writeJSON(to writer: inout JSONWriter) throws(JSONError) {
    try value.writeJSON(to: &writer)
  }

  /// Reads the value from proto3 JSON.
  public init?(json reader: inout JSONReader) throws(JSONError) {
    guard let value = try Wrapped(json: &reader) else { return nil }
    self.init()
    self.value = value
  }
}

extension DoubleValue: JSONWrapper {}
extension FloatValue: JSONWrapper {}
extension Int64Value: JSONWrapper {}
extension UInt64Value: JSONWrapper {}
extension Int32Value: JSONWrapper {}
extension UInt32Value: JSONWrapper {}
extension BoolValue: JSONWrapper {}
extension StringValue: JSONWrapper {}
extension BytesValue: JSONWrapper {}
