public import RPCCore

/// gRPC's standard reflection, in both of its versions.
public struct ReflectionHandler: ServerReflection.Handler {
  /// The older version, which has the same messages under another name.
  static let alpha = MethodDescriptor(
    service: "grpc.reflection.v1alpha.ServerReflection", name: "ServerReflectionInfo",
    kind: .bidirectional, requestType: ServerReflectionRequest.self,
    responseType: ServerReflectionResponse.self,
    documentation: "Answers questions, in order.")

  private let services: [String]
  private let index: DescriptorIndex

  /// Makes a handler that tells of these services, by their full names, and of itself.
  public init(services: [String], index: DescriptorIndex) {
    self.services = Set(
      services + [ServerReflection.descriptor.fullName, Self.alpha.service]
    ).sorted()
    self.index = index
  }

  /// Makes the methods of both versions known to a router.
  public func register(with router: inout Router) {
    for method in [ServerReflection.Methods.serverReflectionInfo, Self.alpha] {
      router.bidirectional(method.with(StandardPolicy.reflection)) {
        try await serverReflectionInfo($0, responses: $1, context: $2)
      }
    }
  }

  public func serverReflectionInfo(
    _ requests: RequestStream<ServerReflectionRequest>,
    responses: ResponseWriter<ServerReflectionResponse>, context: CallContext
  ) async throws {
    for try await request in requests {
      try await responses.write(
        ServerReflectionResponse(
          validHost: request.host, originalRequest: request,
          messageResponse: answer(request.messageRequest)))
    }
  }

  private func answer(
    _ request: ServerReflectionRequest.MessageRequest?
  ) -> ServerReflectionResponse.MessageResponse {
    switch request {
    case .fileByFilename(let name): files(index.file(name))
    case .fileContainingSymbol(let symbol): files(index.file(declaring: symbol))
    case .fileContainingExtension(let request):
      files(index.file(extending: request.containingType, number: request.extensionNumber))
    case .allExtensionNumbersOfType(let type):
      index.extensionNumbers(of: type).map {
        .allExtensionNumbersResponse(
          ExtensionNumberResponse(baseTypeName: type, extensionNumber: $0))
      } ?? Self.notFound
    case .listServices:
      .listServicesResponse(
        ListServiceResponse(service: services.map { ServiceResponse(name: $0) }))
    case nil:
      .errorResponse(
        ErrorResponse(
          errorCode: RPCStatusCode.invalidArgument.rawValue, errorMessage: "There is no question"))
    }
  }

  private func files(_ files: [[UInt8]]?) -> ServerReflectionResponse.MessageResponse {
    guard let files else { return Self.notFound }
    return .fileDescriptorResponse(FileDescriptorResponse(fileDescriptorProto: files))
  }

  private static var notFound: ServerReflectionResponse.MessageResponse {
    .errorResponse(
      ErrorResponse(
        errorCode: RPCStatusCode.notFound.rawValue, errorMessage: "The contracts do not have it"))
  }
}
