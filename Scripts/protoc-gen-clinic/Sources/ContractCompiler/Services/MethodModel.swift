import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// A method as generated code needs it.
struct MethodModel {
  /// How many messages each side sends.
  enum Kind: String {
    case unary, serverStreaming, clientStreaming, bidirectional
  }

  let serviceName: String
  /// The name in the contract: `GetPatient`.
  let name: String
  /// The name of the descriptor and of the handler's requirement: `getPatient`.
  let handlerName: String
  /// The name in the client: `get`.
  let clientName: String
  let kind: Kind
  let requestType: String
  let responseType: String
  let comment: String
  let documentation: String
  let isDeprecated: Bool
  let policy: PolicyModel?
  /// Whether the request, which is of the service's file, is a `MutationRequest`.
  let isMutation: Bool

  /// The context that a handler gets: with a tenant, except where anybody may call.
  var contextType: String {
    policy.map { $0.audience == .public ? "CallContext" : "TenantContext" } ?? "CallContext"
  }

  init(
    _ method: MethodDescriptor, serviceName: String, clientName: String, names: SwiftNames
  ) {
    self.serviceName = serviceName
    self.clientName = SwiftWords.quoted(clientName)
    name = method.name
    handlerName = SwiftWords.member(NamingUtils.toLowerCamelCase(method.name), besides: ["all"])
    kind =
      switch (method.clientStreaming, method.serverStreaming) {
      case (false, false): .unary
      case (false, true): .serverStreaming
      case (true, false): .clientStreaming
      case (true, true): .bidirectional
      }
    requestType = names.reference(to: method.inputType, in: nil)
    responseType = names.reference(to: method.outputType, in: nil)
    comment = method.protoSourceComments()
    documentation = ContractComment.text(of: method)
    isDeprecated = method.isDeprecated || method.file.options.deprecated
    policy = method.clinicPolicy.map(PolicyModel.init)
    let fields = method.inputType.fields.filter { !$0.isRepeated }
    isMutation =
      policy != nil && method.inputType.file.name == method.file.name
      && fields.contains { $0.name == "request_id" && $0.type == .string }
      && fields.contains { $0.name == "validate_only" && $0.type == .bool }
  }
}
