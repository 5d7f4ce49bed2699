import ProtobufRuntime
import RPCCore

/// Calls of any method by its descriptor, with a request as proto3 JSON.
enum AnyCall {
  /// Makes the call and reads all replies.
  static func make(
    _ method: MethodDescriptor, json: String, over channel: any RPCChannel,
    options: CallOptions = CallOptions()
  ) async throws {
    try await open(method.requestType, method.responseType, method, json, channel, options)
  }

  private static func open<Request: Message, Response: Message>(
    _ request: Request.Type, _ response: Response.Type, _ method: MethodDescriptor,
    _ json: String, _ channel: any RPCChannel, _ options: CallOptions
  ) async throws {
    let message = try Request(jsonString: json)
    switch method.kind {
    case .unary:
      let _: Response = try await channel.unary(method, message, options: options)
    case .serverStreaming:
      try await channel.serverStreaming(method, message, options: options) {
        (replies: ResponseStream<Response>) in
        for try await _ in replies {}
      }
    case .clientStreaming:
      let _: Response = try await channel.clientStreaming(method, options: options) {
        (writer: RequestWriter<Request>) in
        try await writer.write(message)
      }
    case .bidirectional:
      try await channel.bidirectional(method, options: options) {
        (writer: RequestWriter<Request>, replies: ResponseStream<Response>) in
        try await writer.write(message)
        writer.finish()
        for try await _ in replies {}
      }
    }
  }
}
