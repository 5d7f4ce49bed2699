internal import ProtobufRuntime
internal import RPCCore

extension ContractSubject {
  /// The part as JSON.
  var json: JSONValue {
    switch self {
    case .everything:
      ["services": .array(ContractCatalogue.shared.services.map(Self.json))]
    case .service(let service): Self.json(service)
    case .method(let method): Self.json(method)
    case .message(let message): Self.json(message)
    case .enumeration(let enumeration): Self.json(enumeration)
    }
  }

  /// The part as a list: methods, fields or values.
  var rows: [JSONValue] {
    switch self {
    case .everything: ContractCatalogue.shared.methods.map(Self.json)
    case .service(let service): service.methods.map(Self.json)
    case .method(let method): [Self.json(method)]
    case .message(let message): message.fields.map(Self.json)
    case .enumeration(let enumeration): json(enumeration).elements
    }
  }

  private func json(_ enumeration: EnumDescriptor) -> JSONValue {
    Self.json(enumeration)["values"] ?? .array([])
  }

  private static func json(_ service: ServiceDescriptor) -> JSONValue {
    [
      "name": .string(service.fullName), "documentation": .string(service.documentation),
      "methods": .array(service.methods.map(json))
    ]
  }

  private static func json(_ method: MethodDescriptor) -> JSONValue {
    [
      "path": .string(method.path), "kind": .string(method.kind.word),
      "audience": .string("\(method.policy.audience)"),
      "permissions": .array(method.policy.permissions.map { .string($0) }),
      "audit": .string("\(method.policy.audit)"),
      "idempotency": .string(method.policy.idempotency.word),
      "maxDeadlineMs": .number(String(method.policy.maxDeadline.components.seconds * 1000)),
      "cost": .number(String(method.policy.cost)),
      "messageCost": .number(String(method.policy.messageCost)),
      "request": .string(method.requestType.descriptor.fullName),
      "response": .string(method.responseType.descriptor.fullName),
      "deprecated": .bool(method.isDeprecated), "documentation": .string(method.documentation)
    ]
  }

  private static func json(_ message: MessageDescriptor) -> JSONValue {
    [
      "name": .string(message.fullName), "documentation": .string(message.documentation),
      "fields": .array(message.fields.map(json))
    ]
  }

  private static func json(_ field: FieldDescriptor) -> JSONValue {
    var json: JSONValue = [
      "number": .number(String(field.number)), "name": .string(field.name),
      "jsonName": .string(field.jsonName), "type": .string(field.typeText),
      "sensitivity": .string("\(field.sensitivity)")
    ]
    if !field.oneof.isEmpty { json.set("oneof", to: .string(field.oneof)) }
    if !field.rules.isEmpty { json.set("rules", to: .string(field.rules)) }
    if field.isDeprecated { json.set("deprecated", to: .bool(true)) }
    json.set("documentation", to: .string(field.documentation))
    return json
  }

  private static func json(_ enumeration: EnumDescriptor) -> JSONValue {
    [
      "name": .string(enumeration.fullName), "documentation": .string(enumeration.documentation),
      "values": .array(
        enumeration.values.map {
          ["name": .string($0.name), "number": .number(String($0.number))]
        })
    ]
  }
}

extension FieldDescriptor {
  /// The type as a contract writes it, as `repeated clinic.v1.Identifier`.
  var typeText: String {
    let type = typeName.isEmpty ? kind.rawValue : typeName
    return switch cardinality {
    case .repeated: "repeated \(type)"
    case .map: "map<\(mapKey?.rawValue ?? ""), \(type)>"
    case .optional where typeName.isEmpty && oneof.isEmpty: "optional \(type)"
    default: type
    }
  }
}

extension CallKind {
  /// The kind in words.
  var word: String {
    switch self {
    case .unary: "unary"
    case .serverStreaming: "server streaming"
    case .clientStreaming: "client streaming"
    case .bidirectional: "bidirectional"
    }
  }
}

extension Idempotency {
  /// What a retry does, in words.
  var word: String {
    switch self {
    case .noSideEffects: "no side effects"
    case .requestID: "once per request id"
    case .none: "none"
    }
  }
}
