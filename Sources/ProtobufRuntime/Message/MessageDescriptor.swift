/// What a contract says of a message.
public struct MessageDescriptor: Sendable {
  /// The full name, as `clinic.v1.Patient`.
  public let fullName: String
  /// The fields in the contract's order.
  public let fields: [FieldDescriptor]
  /// Whether the contract calls the message deprecated.
  public let isDeprecated: Bool
  /// The contract's comment.
  public let documentation: String
  private let byName: [String: Int]
  private let byNumber: [Int32: Int]

  /// A message, as generated code describes it.
  public init(
    _ fullName: String, fields: [FieldDescriptor], isDeprecated: Bool = false,
    documentation: String = ""
  ) {
    self.fullName = fullName
    self.fields = fields
    self.isDeprecated = isDeprecated
    self.documentation = documentation
    var byName: [String: Int] = [:]
    var byNumber: [Int32: Int] = [:]
    for (index, field) in fields.enumerated() {
      byName[field.name] = index
      byNumber[field.number] = index
    }
    // A JSON name wins over another field's name in the contract.
    for (index, field) in fields.enumerated() { byName[field.jsonName] = index }
    self.byName = byName
    self.byNumber = byNumber
  }

  /// The field with a number.
  public func field(number: Int32) -> FieldDescriptor? {
    byNumber[number].map { fields[$0] }
  }

  /// The index in `fields` of a name, in the contract or in JSON.
  func index(named name: String) -> Int? {
    byName[name]
  }

  /// The field with a name, in the contract or in JSON.
  public func field(named name: String) -> FieldDescriptor? {
    byName[name].map { fields[$0] }
  }

  /// The name without the package, as `Patient` or `BadRequest.FieldViolation`.
  public var name: String {
    let parts = fullName.split(separator: ".", omittingEmptySubsequences: true)
    let types = parts.drop { $0.first?.isUppercase != true }
    return types.isEmpty ? fullName : types.joined(separator: ".")
  }
}
