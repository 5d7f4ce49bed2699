/// A permission that methods of a contract ask for.
public struct PermissionDescriptor: Sendable, Hashable {
  /// The name, as `patients.read`.
  public let name: String

  /// The methods that ask for it.
  public let methods: [MethodDescriptor]

  /// Makes a descriptor.
  public init(name: String, methods: [MethodDescriptor]) {
    self.name = name
    self.methods = methods
  }

  /// The kinds of principal that can use the permission.
  public var audiences: Set<Audience> { Set(methods.map(\.policy.audience)) }
}
