import FixtureContracts
import FoundationEssentials
import Logging
import ProtobufRuntime
import RPCCore
import Synchronization
import Testing

@Suite("Router")
struct RouterTests {
  private func context(_ method: MethodDescriptor, _ principal: Principal? = nil) -> CallContext {
    CallContext(
      method: method, requestID: "id", deadline: .distantFuture, peer: PeerInfo(address: "test"),
      principal: principal, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  @Test("finds a method by its path, and no other")
  func finds() {
    var router = Router()
    router.unary(EchoService.Methods.echo) { (request: EchoRequest, _: CallContext) in
      EchoResponse(text: request.text)
    }
    #expect(router.route(for: "fixture.v1.EchoService/Echo")?.method == EchoService.Methods.echo)
    for path in ["", "/fixture.v1.EchoService/Echo", "fixture.v1.EchoService/echo", "Echo"] {
      #expect(router.route(for: path) == nil)
    }
    #expect(router.methods == [EchoService.Methods.echo])
  }

  @Test("runs the interceptors from the outside in, and out again")
  func interceptors() async throws {
    let log = Log()
    var router = Router(interceptors: [Noting("a", log), Noting("b", log), Noting("c", log)])
    router.unary(EchoService.Methods.echo) { (request: EchoRequest, _: CallContext) in
      log.add("handler")
      return EchoResponse(text: request.text)
    }
    let exchange = FakeExchange(EchoRequest(text: "x"))
    let method = EchoService.Methods.echo
    let route = try #require(router.route(for: method.path))
    try await router.serve(context(method), by: route, over: exchange)
    #expect(log.entries == ["a in", "b in", "c in", "handler", "c out", "b out", "a out"])
    #expect(exchange.replies == [EchoResponse(text: "x")])
  }

  @Test("an interceptor that throws keeps the handler from being called")
  func refuses() async throws {
    let log = Log()
    var router = Router(interceptors: [Noting("a", log), Refusing()])
    router.unary(EchoService.Methods.echo) { (_: EchoRequest, _: CallContext) -> EchoResponse in
      log.add("handler")
      return EchoResponse()
    }
    let method = EchoService.Methods.echo
    let route = try #require(router.route(for: method.path))
    await #expect(throws: RPCError.self) {
      try await router.serve(context(method), by: route, over: FakeExchange(EchoRequest()))
    }
    #expect(log.entries == ["a in"])
  }

  @Test("looks at checks in their place among the interceptors, and goes on with what they changed")
  func checks() async throws {
    let log = Log()
    let method = EchoService.Methods.echo
    let principal = Principal(
      companyID: .init(), staffID: .init(), sessionID: .init(), permissions: [], isPlatform: false,
      displayName: "Ada")
    var router = Router(interceptors: [
      Noting("outer", log), Naming(principal, log), Noting("inner", log), Naming(nil, log)
    ])
    router.unary(method) { (_: EchoRequest, context: CallContext) -> EchoResponse in
      log.add("handler of \(context.principal?.displayName ?? "nobody")")
      return EchoResponse()
    }
    let route = try #require(router.route(for: method.path))
    try await router.serve(context(method), by: route, over: FakeExchange(EchoRequest()))
    #expect(
      log.entries == [
        "outer in", "check of nobody", "inner in", "check of Ada", "handler of Ada", "inner out",
        "outer out"
      ])
  }

  @Test("ends a call that a check refuses, inside the interceptors around it")
  func refusingChecks() async throws {
    let log = Log()
    let method = EchoService.Methods.echo
    var router = Router(interceptors: [Noting("outer", log), Barring(), Noting("inner", log)])
    router.unary(method) { (_: EchoRequest, _: CallContext) -> EchoResponse in
      log.add("handler")
      return EchoResponse()
    }
    let route = try #require(router.route(for: method.path))
    let error = await #expect(throws: RPCError.self) {
      try await router.serve(context(method), by: route, over: FakeExchange(EchoRequest()))
    }
    #expect(error?.code == .permissionDenied)
    #expect(log.entries == ["outer in"])
  }

  @Test("checks the contract's rules before it calls the handler")
  func rules() async throws {
    let log = Log()
    var router = Router()
    router.unary(EchoService.Methods.echo) { (_: EchoRequest, _: CallContext) -> EchoResponse in
      log.add("handler")
      return EchoResponse()
    }
    let method = EchoService.Methods.echo
    let route = try #require(router.route(for: method.path))
    let error = await #expect(throws: RPCError.self) {
      try await router.serve(
        context(method), by: route, over: FakeExchange(EchoRequest(requestID: "x")))
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.fieldViolations.map(\.field) == ["request_id"])
    #expect(log.entries == [])
  }

  @Test("gives a handler that needs a tenant the principal, and refuses a call without one")
  func tenants() async throws {
    let method = PolicyService.Methods.ownAccount
    var router = Router()
    router.unary(method) { (_: EchoRequest, context: TenantContext) in
      EchoResponse(text: context.principal.displayName)
    }
    let route = try #require(router.route(for: method.path))
    let error = await #expect(throws: RPCError.self) {
      try await router.serve(context(method), by: route, over: FakeExchange(EchoRequest()))
    }
    #expect(error?.code == .unauthenticated)
    let principal = Principal(
      companyID: .init(), staffID: .init(), sessionID: .init(), permissions: [], isPlatform: false,
      displayName: "Ada")
    let exchange = FakeExchange(EchoRequest())
    try await router.serve(context(method, principal), by: route, over: exchange)
    #expect(exchange.replies.map(\.text) == ["Ada"])
  }
}

/// A call whose one request is known and whose replies are kept.
private final class FakeExchange: ServerExchange {
  private let only: EchoRequest
  private let kept = Mutex<[EchoResponse]>([])

  init(_ request: EchoRequest) { only = request }

  var replies: [EchoResponse] { kept.withLock { $0 } }

  func request<M: Message>(_ type: M.Type) throws -> M {
    try M(serializedBytes: only.serializedBytes())
  }

  func reply<M: Message>(_ message: M) throws {
    let reply = try EchoResponse(serializedBytes: message.serializedBytes())
    kept.withLock { $0.append(reply) }
  }

  func receive<M: Message>(_ type: M.Type) async throws -> M? { nil }
  func send<M: Message>(_ message: M) async throws { try reply(message) }
  func finish() {}
}

/// What happened, in order.
private final class Log: Sendable {
  private let kept = Mutex<[String]>([])

  func add(_ entry: String) { kept.withLock { $0.append(entry) } }

  var entries: [String] { kept.withLock { $0 } }
}

private struct Noting: ServerInterceptor {
  let name: String
  let log: Log

  init(_ name: String, _ log: Log) {
    self.name = name
    self.log = log
  }

  func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    log.add("\(name) in")
    try await next(context)
    log.add("\(name) out")
  }
}

private struct Refusing: ServerInterceptor {
  func intercept(
    _ context: CallContext, next: (CallContext) async throws -> Void
  ) async throws {
    throw RPCError.permissionDenied("no")
  }
}

/// A check that gives the call a principal.
private struct Naming: ServerCheck {
  let principal: Principal?
  let log: Log

  init(_ principal: Principal?, _ log: Log) {
    self.principal = principal
    self.log = log
  }

  func check(_ context: inout CallContext) throws {
    log.add("check of \(context.principal?.displayName ?? "nobody")")
    if let principal { context.principal = principal }
  }
}

private struct Barring: ServerCheck {
  func check(_ context: inout CallContext) throws { throw RPCError.permissionDenied("no") }
}
