import SwiftProtobufPluginLibrary

/// Emits the services of one file: for each a namespace with the descriptor, the methods, the
/// handler protocol and the client.
struct ServicesGenerator {
  private let file: FileDescriptor
  private let options: GenerationOptions
  private let services: [ServiceModel]

  init(file: FileDescriptor, options: GenerationOptions) {
    self.file = file
    self.options = options
    let names = SwiftNames(options: options)
    services = file.services.map { ServiceModel($0, names: names) }
  }

  /// The file's Swift source.
  func render() -> String {
    var printer = CodePrinter()
    printer.print(GeneratedFile.banner(for: file), newlines: false)
    printer.printLines("")
    let messages = file.services.flatMap { $0.methods.flatMap { [$0.inputType, $0.outputType] } }
    let modules = messages.compactMap { $0?.file }.map(options.swiftModule)
    printer.print(
      GeneratedFile.imports(modules + ["RPCCore"], options: options),
      newlines: false)
    for service in services {
      printer.printLines("")
      printNamespace(of: service, to: &printer)
      printer.printLines("")
      printRegistration(of: service, to: &printer)
      printer.printLines("")
      printClientMethods(of: service, to: &printer)
    }
    printMutations(to: &printer)
    return printer.content
  }

  private var access: String { options.visibility.rawValue }

  /// The requests that can be named and tried out, of those that this module declares.
  private func printMutations(to printer: inout CodePrinter) {
    var printed: Set<String> = []
    for method in services.flatMap(\.methods)
    where method.isMutation && printed.insert(method.requestType).inserted {
      printer.printLines("", "extension \(method.requestType): MutationRequest {}")
    }
  }

  private func printNamespace(of service: ServiceModel, to printer: inout CodePrinter) {
    printer.printComment(service.comment)
    printer.printBlock("\(access) enum \(service.typeName) {") { printer in
      printer.printLines("/// What the contract says of the service.")
      printer.printBlock("\(access) static let descriptor = ServiceDescriptor(", ")") { printer in
        printer.printLines(
          "fullName: \(literal(service.fullName)),",
          "methods: Methods.all,",
          "documentation: \(literal(service.documentation))")
      }
      printer.printLines("")
      printMethods(of: service, to: &printer)
      printer.printLines("")
      printHandler(of: service, to: &printer)
      printer.printLines("")
      printClient(of: service, to: &printer)
    }
  }

  // MARK: Descriptors

  private func printMethods(of service: ServiceModel, to printer: inout CodePrinter) {
    printer.printLines("/// The methods of the service.")
    printer.printBlock("\(access) enum Methods {") { printer in
      for method in service.methods {
        printDescriptor(of: method, to: &printer)
        printer.printLines("")
      }
      printer.printLines("/// All methods, in the order of the contract.")
      let type = "[MethodDescriptor]"
      guard !service.methods.isEmpty else {
        return printer.printLines("\(access) static let all: \(type) = []")
      }
      printer.printBlock("\(access) static let all: \(type) = [", "]") { printer in
        for method in service.methods { printer.printLines("\(method.handlerName),") }
      }
    }
  }

  private func printDescriptor(of method: MethodModel, to printer: inout CodePrinter) {
    printer.printComment(method.comment)
    printer.printBlock(
      "\(access) static let \(method.handlerName) = MethodDescriptor(", ")"
    ) { printer in
      printer.printLines(
        "service: \(literal(method.serviceName)),",
        "name: \(literal(method.name)),",
        "kind: .\(method.kind.rawValue),")
      if let policy = method.policy {
        printer.printBlock("policy: MethodPolicy(", "),") { printer in
          let permissions = policy.permissions.map { literal($0) }.joined(separator: ", ")
          printer.printLines(
            "permissions: [\(permissions)],",
            "audience: .\(policy.audienceName),",
            "audit: .\(policy.auditName),",
            "idempotency: .\(policy.idempotencyName),",
            "maxDeadline: \(policy.maxDeadline),",
            "cost: \(policy.cost)\(policy.messageCost == 0 ? "" : ",")")
          if policy.messageCost > 0 { printer.printLines("messageCost: \(policy.messageCost)") }
        }
      } else {
        printer.printLines("policy: .unrestricted,")
      }
      printer.printLines(
        "requestType: \(method.requestType).self,",
        "responseType: \(method.responseType).self,",
        "documentation: \(literal(method.documentation)),",
        "isDeprecated: \(method.isDeprecated)")
    }
  }

  // MARK: Servers

  private func printHandler(of service: ServiceModel, to printer: inout CodePrinter) {
    printer.printLines(
      "/// Serves the methods. A request reaches its method once the caller may send it and the",
      "/// contract's rules find nothing wrong with it.")
    printer.printBlock("\(access) protocol Handler: RPCService {") { printer in
      for (index, method) in service.methods.enumerated() {
        if index > 0 { printer.printLines("") }
        printer.printComment(method.comment)
        printRequirement(of: method, to: &printer)
      }
    }
  }

  private func printRequirement(of method: MethodModel, to printer: inout CodePrinter) {
    let request =
      switch method.kind {
      case .unary, .serverStreaming: "_ request: \(method.requestType)"
      case .clientStreaming, .bidirectional: "_ requests: RequestStream<\(method.requestType)>"
      }
    let streams = method.kind == .serverStreaming || method.kind == .bidirectional
    printer.printBlock("func \(method.handlerName)(", streams ? ") async throws" : closing(method))
    {
      printer in
      printer.printLines("\(request),")
      if streams { printer.printLines("responses: ResponseWriter<\(method.responseType)>,") }
      printer.printLines("context: \(method.contextType)")
    }
  }

  private func closing(_ method: MethodModel) -> String {
    ") async throws -> \(method.responseType)"
  }

  private func printRegistration(of service: ServiceModel, to printer: inout CodePrinter) {
    printer.printBlock("extension \(service.typeName).Handler {") { printer in
      printer.printLines("/// Makes the service's methods known to a router.")
      printer.printBlock("\(access) func register(with router: inout Router) {") { printer in
        for method in service.methods {
          let descriptor = "\(service.typeName).Methods.\(method.handlerName)"
          printer.printBlock("router.\(method.kind.rawValue)(\(descriptor)) {") { printer in
            let parameters: String
            let call: String
            switch method.kind {
            case .unary:
              parameters = "(request: \(method.requestType), context: \(method.contextType))"
              call = "(request, context: context)"
            case .serverStreaming:
              parameters =
                "(request: \(method.requestType), "
                + "responses: ResponseWriter<\(method.responseType)>, "
                + "context: \(method.contextType))"
              call = "(request, responses: responses, context: context)"
            case .clientStreaming:
              parameters =
                "(requests: RequestStream<\(method.requestType)>, context: \(method.contextType))"
              call = "(requests, context: context)"
            case .bidirectional:
              parameters =
                "(requests: RequestStream<\(method.requestType)>, "
                + "responses: ResponseWriter<\(method.responseType)>, "
                + "context: \(method.contextType))"
              call = "(requests, responses: responses, context: context)"
            }
            printer.printLines("\(parameters) in", "try await self.\(method.handlerName)\(call)")
          }
        }
      }
    }
  }

  // MARK: Clients

  private func printClient(of service: ServiceModel, to printer: inout CodePrinter) {
    printer.printLines("/// Calls the methods over a channel.")
    printer.printBlock("\(access) struct Client: Sendable {") { printer in
      printer.printLines(
        "private let channel: any RPCChannel",
        "",
        "/// - Parameter channel: What carries the calls, such as a connection to a server.")
      printer.printBlock("\(access) init(channel: any RPCChannel) {") { printer in
        printer.printLines("self.channel = channel")
      }
    }
  }

  private func printClientMethods(of service: ServiceModel, to printer: inout CodePrinter) {
    printer.printBlock("extension \(service.typeName).Client {") { printer in
      for (index, method) in service.methods.enumerated() {
        if index > 0 { printer.printLines("") }
        printer.printComment(method.comment)
        printer.printDeprecation(service.isDeprecated || method.isDeprecated)
        ClientMethodRenderer(method, serviceType: service.typeName, access: access)
          .print(to: &printer)
      }
    }
  }
}
