internal import ProtobufRuntime
internal import RPCCore

/// Adds the session's access token to the calls that need one, or the API key of a program.
///
/// A key goes with the call as it is: the server remembers whom it stands for as it does for a token,
/// and it takes nothing to renew.
///
/// A call that the server refuses the token for is made once more with a new one, where nothing of
/// it can have happened: unary calls, and calls that stream replies, before the first reply.
struct AuthorizedChannel: RPCChannel {
  let base: any RPCChannel
  let keeper: SessionKeeper
  let apiKey: String?

  func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, options: CallOptions
  ) async throws -> Response {
    try await authorized(method, options) { options in
      try await base.unary(method, request, options: options)
    }
  }

  func serverStreaming<Request: Message, Response: Message, Result>(
    _ method: MethodDescriptor, _ request: Request, options: CallOptions,
    _ body: (ResponseStream<Response>) async throws -> Result
  ) async throws -> Result {
    // An error of `body` is not the server's answer to the token, whatever it says.
    var isBegun = false
    return try await authorized(method, options, mayRetry: { !isBegun }) { options in
      try await base.serverStreaming(method, request, options: options) {
        (replies: ResponseStream<Response>) in
        let source = PeekedSource(first: try await replies.next(), rest: replies)
        isBegun = true
        return try await body(ResponseStream(source: source))
      }
    }
  }

  func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor, options: CallOptions,
    _ write: (RequestWriter<Request>) async throws -> Void
  ) async throws -> Response {
    try await authorized(method, options, mayRetry: { false }) { options in
      try await base.clientStreaming(method, options: options, write)
    }
  }

  func bidirectional<Request: Message, Response: Message, Result>(
    _ method: MethodDescriptor, options: CallOptions,
    _ body: (RequestWriter<Request>, ResponseStream<Response>) async throws -> Result
  ) async throws -> Result {
    try await authorized(method, options, mayRetry: { false }) { options in
      try await base.bidirectional(method, options: options, body)
    }
  }

  /// Makes a call with the session's token, and once more with a new one where the server refuses
  /// the first.
  private func authorized<Result>(
    _ method: MethodDescriptor, _ options: CallOptions, mayRetry: () -> Bool = { true },
    _ call: (CallOptions) async throws -> Result
  ) async throws -> Result {
    guard method.policy.audience != .everybody, options.authorization == nil else {
      return try await call(options)
    }
    var options = options
    if let apiKey {
      options.authorization = apiKey
      return try await call(options)
    }
    let token =
      if let fresh = keeper.freshToken { fresh as String? } else { try await keeper.accessToken() }
    options.authorization = token
    do {
      return try await call(options)
    } catch let error as RPCError where error.code == .unauthenticated {
      guard let token, mayRetry() else { throw error }
      options.authorization = try await keeper.accessToken(insteadOf: token)
      return try await call(options)
    }
  }
}
