/// A service of a contract.
public struct ServiceDescriptor: Sendable, Hashable {
  /// The full name, as `clinic.v1.PatientService`.
  public let fullName: String

  /// The methods, in the order of the contract.
  public let methods: [MethodDescriptor]

  /// The comment in the contract.
  public let documentation: String

  /// Makes a descriptor.
  public init(fullName: String, methods: [MethodDescriptor], documentation: String = "") {
    self.fullName = fullName
    self.methods = methods
    self.documentation = documentation
  }

  /// The name without its package, as `PatientService`.
  public var name: String { String(fullName.split(separator: ".").last ?? "") }
}
