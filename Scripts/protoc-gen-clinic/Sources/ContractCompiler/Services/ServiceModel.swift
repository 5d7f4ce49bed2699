import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// A service as generated code needs it: the contract translated to Swift names.
struct ServiceModel {
  /// The enum that holds everything of the service: `PatientService`.
  let typeName: String
  /// The name on the wire: `clinic.v1.PatientService`.
  let fullName: String
  /// The contract's comment, as lines of `///`.
  let comment: String
  /// The contract's comment as one text.
  let documentation: String
  let isDeprecated: Bool
  let methods: [MethodModel]

  init(_ service: ServiceDescriptor, names: SwiftNames) {
    typeName = SwiftProtobufNamer().typePrefix(forFile: service.file) + service.name
    fullName = service.fullName
    comment = service.protoSourceComments()
    documentation = ContractComment.text(of: service)
    isDeprecated = service.isDeprecated || service.file.options.deprecated
    let clientNames = ClientMethodNames(service)
    methods = service.methods.map { method in
      MethodModel(
        method, serviceName: service.fullName, clientName: clientNames.name(of: method),
        names: names)
    }
  }
}
