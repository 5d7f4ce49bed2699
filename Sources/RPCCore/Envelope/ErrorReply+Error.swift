package import ProtobufRuntime

extension ErrorReply {
  /// The JSON form of an error, as the Connect protocol has it.
  package init(_ error: RPCError) {
    self.init(
      code: Self.name(of: error.code), message: error.message,
      details: error.details.map { ErrorReplyDetail($0) })
  }

  /// The code's name in the Connect protocol.
  private static func name(of code: RPCStatusCode) -> String {
    // The protocol spells this one in American English.
    code == .cancelled ? "canceled" : code.name.lowercased()
  }
}

extension ErrorReplyDetail {
  fileprivate init(_ detail: ErrorDetail) {
    let any = detail.wire
    self.init(
      type: String(any.typeURL.split(separator: "/").last ?? ""),
      value: Base64.text(of: any.value), debug: detail.json)
  }
}

extension ErrorDetail {
  /// The fact for people, where this version knows its type.
  fileprivate var json: ProtoValue? {
    let text: [UInt8]? =
      switch self {
      case .badRequest(let message): try? message.jsonUTF8()
      case .errorInfo(let message): try? message.jsonUTF8()
      case .retryInfo(let message): try? message.jsonUTF8()
      case .preconditionFailure(let message): try? message.jsonUTF8()
      case .other: nil
      }
    return text.flatMap { try? ProtoValue(jsonUTF8: $0) }
  }
}

extension EndOfStream {
  /// What ends a stream of replies.
  package init(error: RPCError?, trailers: Metadata) {
    var lists: [String: ProtoListValue] = [:]
    for entry in trailers.entries {
      lists[entry.name, default: ProtoListValue()].values.append(
        ProtoValue(kind: .stringValue(entry.headerText)))
    }
    self.init(error: error.map { ErrorReply($0) }, metadata: lists)
  }
}

extension Metadata.Entry {
  /// The value as it stands in an HTTP header: base64 for names that end in `-bin`.
  package var headerText: String { name.hasSuffix("-bin") ? Base64.text(of: value) : text }
}

extension Message {
  /// The message as JSON. Those of the envelope hold nothing that JSON has no form for.
  package func jsonBytes() -> [UInt8] { (try? jsonUTF8()) ?? Array("{}".utf8) }
}
