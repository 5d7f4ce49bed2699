/// A message of a contract: a plain value, made by the contract compiler.
///
/// Bytes go through libprotobuf-c: `init(serializedBytes:limits:)`, `serializedBytes()`. JSON is
/// proto3 JSON. `description` leaves out what the contract does not call public.
public protocol Message: FieldValue, CustomStringConvertible {
  /// A message with no field set.
  init()

  /// Fields that this contract does not know, kept from decoding.
  var unknownFields: UnknownFields { get set }

  /// What the contract says of the message.
  static var descriptor: MessageDescriptor { get }

  /// Checks the fields against the contract's rules and reports what breaks them.
  ///
  /// - Parameter partial: The message holds only some of its fields (an update), so `required` does
  ///   not apply.
  func validate(_ violations: inout Violations, partial: Bool)

  // MARK: For generated code

  /// Where the message's C struct is described.
  static var wireLayout: WireLayout { get }

  /// Reads the message out of its C struct.
  init(unpacking source: UnsafeRawPointer, _ decoder: inout WireDecoder)

  /// Fills the message's C struct, which is zeroed but for its descriptor.
  func pack(into target: UnsafeMutableRawPointer, _ encoder: inout WireEncoder)

  /// Shows the fields to a visitor.
  func visitFields(_ visitor: inout some FieldVisitor) throws(JSONError)

  /// Reads the field with an index in the descriptor.
  mutating func readField(_ index: Int, from reader: inout JSONReader) throws(JSONError)

  /// Takes over the field with an index in the descriptor, or what a path names inside of it.
  ///
  /// - Returns: False where the field has no such part.
  mutating func copyField(_ index: Int, from other: Self, _ path: MaskPath) -> Bool
}

extension Message {
  /// A message that is set up by a closure: `Patient.with { $0.tags = ["vip"] }`.
  public static func with<E: Error>(_ populate: (inout Self) throws(E) -> Void) throws(E) -> Self {
    var message = Self()
    try populate(&message)
    return message
  }

  /// A copy that a closure changed.
  public func with<E: Error>(_ change: (inout Self) throws(E) -> Void) throws(E) -> Self {
    var message = self
    try change(&message)
    return message
  }

  /// Finds nothing wrong: for messages whose contract states no rules.
  public func validate(_ violations: inout Violations, partial: Bool) {}
}
