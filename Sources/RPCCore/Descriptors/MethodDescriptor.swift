public import ProtobufRuntime

/// A method of a contract. One instance exists for each method, made by generated code, so that a
/// call refers to it instead of copying it.
public final class MethodDescriptor: Sendable {
  /// The full name of the service, as `clinic.v1.PatientService`.
  public let service: String

  /// The name of the method, as `GetPatient`.
  public let name: String

  /// The method on the wire, as `clinic.v1.PatientService/GetPatient`.
  public let path: String

  /// How many messages each side sends.
  public let kind: CallKind

  /// Who may call the method, and what a call means.
  public let policy: MethodPolicy

  /// The type of the request.
  public let requestType: any Message.Type

  /// The type of the reply.
  public let responseType: any Message.Type

  /// The comment in the contract.
  public let documentation: String

  /// Whether the contract marks the method as deprecated.
  public let isDeprecated: Bool

  /// Makes a descriptor.
  public init(
    service: String, name: String, kind: CallKind, policy: MethodPolicy = .unrestricted,
    requestType: any Message.Type, responseType: any Message.Type, documentation: String = "",
    isDeprecated: Bool = false
  ) {
    self.service = service
    self.name = name
    self.path = "\(service)/\(name)"
    self.kind = kind
    self.policy = policy
    self.requestType = requestType
    self.responseType = responseType
    self.documentation = documentation
    self.isDeprecated = isDeprecated
  }
}

extension MethodDescriptor {
  /// The same method under another policy: of a contract that is not ours and states none.
  package func with(_ policy: MethodPolicy) -> MethodDescriptor {
    MethodDescriptor(
      service: service, name: name, kind: kind, policy: policy, requestType: requestType,
      responseType: responseType, documentation: documentation, isDeprecated: isDeprecated)
  }
}

extension MethodDescriptor: Hashable {
  public static func == (lhs: MethodDescriptor, rhs: MethodDescriptor) -> Bool { lhs === rhs }

  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension MethodDescriptor: CustomStringConvertible {
  public var description: String { path }
}
