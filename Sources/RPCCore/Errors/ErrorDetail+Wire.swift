internal import ProtobufRuntime

extension ErrorDetail {
  private static let prefix = "type.googleapis.com/"

  /// The fact as it crosses the wire.
  ///
  /// The type names are those of google.rpc where the shapes are: stock tools know them.
  var wire: ProtoAny {
    switch self {
    case .badRequest(let message): Self.pack(message, "google.rpc.BadRequest")
    case .errorInfo(let message): Self.pack(message, "google.rpc.ErrorInfo")
    case .retryInfo(let message): Self.pack(message, "google.rpc.RetryInfo")
    case .preconditionFailure(let message): Self.pack(message, "google.rpc.PreconditionFailure")
    case .other(let typeURL, let value): ProtoAny(typeURL: typeURL, value: value)
    }
  }

  /// Reads what came over the wire. What cannot be read is kept as it came.
  init(wire any: ProtoAny) {
    let name = any.typeURL.split(separator: "/").last?.split(separator: ".").last
    let detail: ErrorDetail? =
      switch name {
      case "BadRequest": Self.unpack(any).map(ErrorDetail.badRequest)
      case "ErrorInfo": Self.unpack(any).map(ErrorDetail.errorInfo)
      case "RetryInfo": Self.unpack(any).map(ErrorDetail.retryInfo)
      case "PreconditionFailure": Self.unpack(any).map(ErrorDetail.preconditionFailure)
      default: nil
      }
    self = detail ?? .other(typeURL: any.typeURL, value: any.value)
  }

  private static func pack(_ message: some Message, _ name: String) -> ProtoAny {
    ProtoAny(typeURL: prefix + name, value: message.envelopeBytes())
  }

  private static func unpack<M: Message>(_ any: ProtoAny) -> M? {
    try? M(serializedBytes: any.value)
  }
}
