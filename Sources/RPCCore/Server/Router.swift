public import ProtobufRuntime

/// Finds the code that serves a method, and runs it inside the interceptors.
public struct Router: Sendable {
  private var routes: [String: Route] = [:]
  private var pages: [Page] = []
  private let interceptors: [any ServerInterceptor]

  /// Makes a router whose calls pass these interceptors, the first outermost.
  public init(interceptors: [any ServerInterceptor] = []) { self.interceptors = interceptors }

  /// The registered methods, by path.
  public var methods: [MethodDescriptor] {
    routes.values.map(\.method).sorted { $0.path < $1.path }
  }

  /// Makes the methods of a service known.
  public mutating func register(_ service: some RPCService) { service.register(with: &self) }

  /// Serves a method of one request and one reply.
  public mutating func unary<Request: Message, Response: Message, Context: HandlerContext>(
    _ method: MethodDescriptor,
    _ handler: @escaping @Sendable (Request, Context) async throws -> Response
  ) {
    add(method, .unary) { call, exchange in
      let request = try exchange.request(Request.self)
      try request.checkRules()
      let reply = try await handler(request, Context(deriving: call))
      try call.replyObserver?.saw(reply, in: call)
      try exchange.reply(reply)
    }
  }

  /// Serves a method of one request and any number of replies.
  public mutating func serverStreaming<
    Request: Message, Response: Message, Context: HandlerContext
  >(
    _ method: MethodDescriptor,
    _ handler: @escaping @Sendable (Request, ResponseWriter<Response>, Context) async throws -> Void
  ) {
    add(method, .serverStreaming) { call, exchange in
      let request = try exchange.request(Request.self)
      try request.checkRules()
      try await handler(
        request, ResponseWriter(sink: exchange, meter: call.meter), Context(deriving: call))
    }
  }

  /// Serves a method of any number of requests and one reply.
  public mutating func clientStreaming<
    Request: Message, Response: Message, Context: HandlerContext
  >(
    _ method: MethodDescriptor,
    _ handler: @escaping @Sendable (RequestStream<Request>, Context) async throws -> Response
  ) {
    add(method, .clientStreaming) { call, exchange in
      let requests = RequestStream<Request>(source: exchange, meter: call.meter)
      try exchange.reply(await handler(requests, Context(deriving: call)))
    }
  }

  /// Serves a method of any number of requests and replies.
  public mutating func bidirectional<
    Request: Message, Response: Message, Context: HandlerContext
  >(
    _ method: MethodDescriptor,
    _ handler:
      @escaping @Sendable (RequestStream<Request>, ResponseWriter<Response>, Context) async throws
      -> Void
  ) {
    add(method, .bidirectional) { call, exchange in
      try await handler(
        RequestStream(source: exchange, meter: call.meter),
        ResponseWriter(sink: exchange, meter: call.meter), Context(deriving: call))
    }
  }

  /// Makes a page of a registered unary method known.
  package mutating func register(_ page: Page) {
    precondition(
      page.method.kind == .unary && routes[page.method.path] != nil,
      "\(page.method.path) is not registered as unary")
    pages.append(page)
  }

  /// The page at a path, and what the path names.
  package func page(at path: String) -> (page: Page, name: String)? {
    for page in pages {
      if let name = page.name(in: path) { return (page, name) }
    }
    return nil
  }

  private mutating func add(
    _ method: MethodDescriptor, _ kind: CallKind,
    _ run: @escaping @Sendable (CallContext, any ServerExchange) async throws -> Void
  ) {
    precondition(method.kind == kind, "\(method.path) is not \(kind)")
    precondition(routes[method.path] == nil, "\(method.path) is registered twice")
    routes[method.path] = Route(method: method, run: run)
  }

  /// The code that serves a method, by its path on the wire.
  package func route(for path: String) -> Route? { routes[path] }

  /// Serves a call: the interceptors from the outside in, then the route.
  package func serve(
    _ context: CallContext, by route: Route, over exchange: some ServerExchange
  ) async throws {
    try await serve(context, by: route, over: exchange, from: 0)
  }

  private func serve(
    _ context: CallContext, by route: Route, over exchange: any ServerExchange, from index: Int
  ) async throws {
    var context = context
    var index = index
    while index < interceptors.count, try interceptors[index].admit(&context) { index += 1 }
    guard index < interceptors.count else { return try await route.run(context, exchange) }
    try await interceptors[index].intercept(context) { [index] context in
      try await serve(context, by: route, over: exchange, from: index + 1)
    }
  }
}
