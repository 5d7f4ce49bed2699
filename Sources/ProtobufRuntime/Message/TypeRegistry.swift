/// Message types by their full names: what a `ProtoAny` is opened with.
public struct TypeRegistry: Sendable {
  private let types: [String: any Message.Type]

  /// - Parameter types: The types besides the well-known ones.
  public init(_ types: [any Message.Type]) {
    let all = Self.wellKnownTypes + types
    self.types = Dictionary(
      all.map { ($0.descriptor.fullName, $0) }, uniquingKeysWith: { _, last in last })
  }

  /// The well-known types of protobuf only.
  public static let wellKnown = TypeRegistry([])

  /// This registry's types and others.
  public func adding(_ types: [any Message.Type]) -> TypeRegistry {
    TypeRegistry(Array(self.types.values) + types)
  }

  /// The type with a full name, as `clinic.v1.Patient`.
  public func type(named fullName: String) -> (any Message.Type)? {
    types[fullName]
  }

  /// The type that an Any's URL names: what stands behind the last slash.
  public func type(url: String) -> (any Message.Type)? {
    guard let slash = url.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    return types[String(url[url.utf8.index(after: slash)...])]
  }

  private static let wellKnownTypes: [any Message.Type] = [
    ProtoAny.self, ProtoDuration.self, ProtoEmpty.self, FieldMask.self, Timestamp.self,
    ProtoStruct.self, ProtoValue.self, ProtoListValue.self, DoubleValue.self, FloatValue.self,
    Int64Value.self, UInt64Value.self, Int32Value.self, UInt32Value.self, BoolValue.self,
    StringValue.self, BytesValue.self
  ]
}
