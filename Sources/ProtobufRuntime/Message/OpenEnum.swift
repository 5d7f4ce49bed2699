/// A proto3 enum: the values that the contract names, and all others by their number.
public protocol OpenEnum: RawRepresentable, FieldValue, CaseIterable
where RawValue == Int32 {
  /// The value of a number; one that the contract does not name becomes `unrecognized`.
  init(rawValue: Int32)

  /// The value with number 0, which stands for "not stated".
  init()

  /// The contract's name and values.
  static var descriptor: EnumDescriptor { get }
}

extension OpenEnum {
  /// Whether the contract names this value.
  public var isRecognized: Bool {
    Self.descriptor.value(number: rawValue) != nil
  }

  /// The contract's name of the value, as `SEX_FEMALE`, or nil where it has none.
  public var protoName: String? {
    Self.descriptor.value(number: rawValue)?.name
  }
}
