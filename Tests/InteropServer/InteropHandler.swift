import FixtureContracts
import RPCCore

/// Does what gRPC's interoperability test descriptions ask of a server.
struct InteropHandler: InteropTestService.Handler {
  func emptyCall(_ request: InteropEmpty, context: CallContext) async throws -> InteropEmpty {
    echoMetadata(context)
    return request
  }

  func unaryCall(
    _ request: InteropSimpleRequest, context: CallContext
  ) async throws -> InteropSimpleResponse {
    echoMetadata(context)
    try checkCompression(request.expectCompressed, context)
    try end(with: request.responseStatus)
    context.reply.compression = request.responseCompressed?.value == true ? .always : .never
    return InteropSimpleResponse(payload: payload(request.responseSize))
  }

  func cacheableUnaryCall(
    _ request: InteropSimpleRequest, context: CallContext
  ) async throws -> InteropSimpleResponse {
    try await unaryCall(request, context: context)
  }

  func streamingOutputCall(
    _ request: InteropStreamingOutputCallRequest,
    responses: ResponseWriter<InteropStreamingOutputCallResponse>, context: CallContext
  ) async throws {
    echoMetadata(context)
    try await answer(request, responses, context)
  }

  func streamingInputCall(
    _ requests: RequestStream<InteropStreamingInputCallRequest>, context: CallContext
  ) async throws -> InteropStreamingInputCallResponse {
    echoMetadata(context)
    var size = 0
    for try await request in requests {
      try checkCompression(request.expectCompressed, context)
      size += request.payload?.body.count ?? 0
    }
    return InteropStreamingInputCallResponse(aggregatedPayloadSize: Int32(size))
  }

  func fullDuplexCall(
    _ requests: RequestStream<InteropStreamingOutputCallRequest>,
    responses: ResponseWriter<InteropStreamingOutputCallResponse>, context: CallContext
  ) async throws {
    echoMetadata(context)
    for try await request in requests { try await answer(request, responses, context) }
  }

  func halfDuplexCall(
    _ requests: RequestStream<InteropStreamingOutputCallRequest>,
    responses: ResponseWriter<InteropStreamingOutputCallResponse>, context: CallContext
  ) async throws {
    var all: [InteropStreamingOutputCallRequest] = []
    for try await request in requests { all.append(request) }
    for request in all { try await answer(request, responses, context) }
  }

  func unimplementedCall(
    _ request: InteropEmpty, context: CallContext
  ) async throws -> InteropEmpty {
    throw RPCError.unimplemented("Not implemented, as the tests have it")
  }

  // MARK: Parts

  private func answer(
    _ request: InteropStreamingOutputCallRequest,
    _ responses: ResponseWriter<InteropStreamingOutputCallResponse>, _ context: CallContext
  ) async throws {
    try end(with: request.responseStatus)
    for parameters in request.responseParameters {
      if parameters.intervalUs > 0 {
        try await Task.sleep(for: .microseconds(Int(parameters.intervalUs)))
      }
      context.reply.compression = parameters.compressed?.value == true ? .always : .never
      try await responses.write(
        InteropStreamingOutputCallResponse(payload: payload(parameters.size)))
    }
  }

  private func payload(_ size: Int32) -> InteropPayload {
    InteropPayload(body: [UInt8](repeating: 0, count: max(0, Int(size))))
  }

  private func end(with status: InteropEchoStatus?) throws {
    guard let status, status.code != 0 else { return }
    throw RPCError(code: RPCStatusCode(rawValue: status.code), message: status.message)
  }

  private func checkCompression(_ expected: InteropBoolValue?, _ context: CallContext) throws {
    guard let expected, expected.value != context.reply.isRequestCompressed else { return }
    throw RPCError.invalidArgument("The request was not compressed as it says")
  }

  private func echoMetadata(_ context: CallContext) {
    for entry in context.metadata.entries {
      switch entry.name {
      case "x-grpc-test-echo-initial": context.reply.addHeader(entry)
      case "x-grpc-test-echo-trailing-bin": context.reply.addTrailer(entry)
      default: break
      }
    }
  }
}
