internal import ProtobufRuntime
internal import RPCCore

/// A part of the contracts that a user asks about.
enum ContractSubject {
  /// All services with their methods.
  case everything
  case service(ServiceDescriptor)
  case method(MethodDescriptor)
  case message(MessageDescriptor)
  case enumeration(EnumDescriptor)
}

extension ContractCatalogue {
  /// All full names of services, methods, messages and enums.
  var names: [String] {
    services.map(\.fullName) + methods.map(\.path) + messages.map(\.fullName)
      + enumerations.map(\.fullName)
  }

  /// What a user calls by its full name, or without the package, in any case.
  func subject(_ name: String) throws(CommandFailure) -> ContractSubject {
    let wanted = Self.key(name)
    func fits(_ fullName: String) -> Bool {
      let key = Self.key(fullName)
      return key == wanted || key.hasSuffix("." + wanted)
    }
    if let service = services.first(where: { fits($0.fullName) }) { return .service(service) }
    if let message = messages.first(where: { fits($0.fullName) }) { return .message(message) }
    if let enumeration = enumerations.first(where: { fits($0.fullName) }) {
      return .enumeration(enumeration)
    }
    if let method = methods.first(where: { fits($0.path) }) { return .method(method) }
    if let known = message(name) { return .message(known) }
    let short = names.map { String($0.split { $0 == "." || $0 == "/" }.last ?? "") }
    throw .usage(
      "the contracts have no '\(name)'",
      hint: Suggestions.nearest(to: name, among: names + short).map { "did you mean '\($0)'?" }
        ?? "clinicctl describe lists the services")
  }
}
