import FixtureContracts
import ProtobufRuntime
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Pooled client", .timeLimit(.minutes(1)))
struct RPCClientTests {
  private func client(
    _ ports: [Int], connections: Int = 4, busyCalls: Int = 32, attempts: Int = 4
  ) -> RPCClient {
    RPCClient(
      configuration: RPCClientConfiguration(
        endpoints: ports.map { .init(host: "127.0.0.1", port: $0) }, security: .plaintext,
        connections: connections, busyCalls: busyCalls,
        reconnect: Backoff(initial: .milliseconds(10), longest: .milliseconds(50)),
        retry: RetryPolicy(
          attempts: attempts,
          backoff: Backoff(initial: .milliseconds(10), longest: .milliseconds(50)))),
      group: TestServer.clients, logger: TestServer.logger)
  }

  @Test("makes every kind of call")
  func kinds() async throws {
    try await TestServer.run { server in
      let pool = client([server.port])
      let echo = EchoService.Client(channel: pool)
      #expect(try await echo.echo(EchoRequest(text: "a")).text == "a")
      let count = try await echo.expand(EchoRequest(count: 5)) { replies in
        var count = 0
        for try await _ in replies { count += 1 }
        return count
      }
      #expect(count == 5)
      #expect(try await echo.collect { try await $0.write(EchoRequest(text: "b")) }.text == "b")
      let reply = try await echo.chat { requests, replies in
        try await requests.write(EchoRequest(text: "c"))
        return try await replies.next()
      }
      #expect(reply?.text == "c")
      await pool.close()
      await #expect(throws: RPCError.self) { try await echo.echo(EchoRequest()) }
    }
  }

  @Test("opens one connection for few calls, and more for many")
  func grows() async throws {
    try await TestServer.run { server in
      let pool = client([server.port], connections: 3, busyCalls: 2)
      let echo = EchoService.Client(channel: pool)
      for _ in 0..<5 { _ = try await echo.echo(EchoRequest()) }
      #expect(server.server.connectionCount == 1)
      while server.server.connectionCount < 3 {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<60 {
            group.addTask { _ = try await echo.echo(EchoRequest(delayMs: 2)) }
          }
          try await group.waitForAll()
        }
      }
      for _ in 0..<5 { _ = try await echo.echo(EchoRequest()) }
      #expect(server.server.connectionCount == 3)
      await pool.close()
    }
  }

  @Test("fails after its attempts where nobody listens")
  func nobodyListens() async throws {
    let pool = client([1], attempts: 3)
    let error = await #expect(throws: RPCError.self) {
      try await EchoService.Client(channel: pool).echo(EchoRequest())
    }
    #expect(error?.code == .unavailable)
    await pool.close()
  }

  @Test("goes on to the next server when one cannot be reached")
  func nextEndpoint() async throws {
    try await TestServer.run { server in
      let pool = client([1, server.port])
      let reply = try await EchoService.Client(channel: pool).echo(EchoRequest(text: "a"))
      #expect(reply.text == "a")
      await pool.close()
    }
  }

  @Test("connects again after its connection was lost")
  func reconnects() async throws {
    try await TestServer.run { server in
      let pool = client([server.port], connections: 1)
      let echo = EchoService.Client(channel: pool)
      for _ in 0..<5 {
        _ = try await echo.echo(EchoRequest())
        try await pool.connection(until: .after(.seconds(10))).drop()
      }
      let reply = try await echo.echo(EchoRequest(text: "on"))
      #expect(reply.text == "on")
      await pool.close()
    }
  }

  @Test("tries a call again that its caller or contract calls harmless, and no other")
  func retries() async throws {
    let policies = PolicyHandler()
    try await policies.run { port in
      let pool = client([port])
      let echo = EchoService.Client(channel: pool)
      _ = try await echo.ping(ProtoEmpty(), options: CallOptions(isIdempotent: true))
      #expect(policies.count(of: "Ping") == 3)
      let _: EchoResponse = try await pool.unary(
        PolicyHandler.mutation, EchoRequest(), options: CallOptions())
      #expect(policies.count(of: "Mutate") == 3)
      let error = await #expect(throws: RPCError.self) {
        try await echo.echo(EchoRequest(failWithCode: UInt32(RPCStatusCode.unavailable.rawValue)))
      }
      #expect(error?.code == .unavailable)
      #expect(policies.count(of: "Echo") == 1)
      await pool.close()
    }
  }

  @Test("gives the request of a mutation one id for all its attempts, unless it has one")
  func requestIDs() async throws {
    let policies = PolicyHandler()
    try await policies.run { port in
      let pool = client([port])
      let _: EchoResponse = try await pool.unary(
        PolicyHandler.mutation, EchoRequest(), options: CallOptions())
      let ids = policies.requestIDs(of: "Mutate")
      #expect(ids.count == 3)
      #expect(Set(ids).count == 1)
      #expect(ids.first?.isUUID == true)
      let own = "0190a7b2-1111-7000-8000-00000000000a"
      let _: EchoResponse = try await pool.unary(
        PolicyHandler.mutation, EchoRequest(requestID: own), options: CallOptions())
      #expect(policies.requestIDs(of: "Mutate").last == own)
      await pool.close()
    }
  }

  @Test("stops trying at the call's deadline")
  func deadline() async throws {
    let pool = client([1], attempts: 10)
    let error = await #expect(throws: RPCError.self) {
      try await EchoService.Client(channel: pool).echo(
        EchoRequest(), options: CallOptions(timeout: .milliseconds(30)))
    }
    #expect(error?.code == .unavailable || error?.code == .deadlineExceeded)
    await pool.close()
  }

  @Test("stops waiting for a connection when its task is cancelled")
  func cancelledWhileWaiting() async throws {
    let pool = client([1], attempts: 10)
    let task = Task { try await EchoService.Client(channel: pool).echo(EchoRequest()) }
    task.cancel()
    let error = await #expect(throws: RPCError.self) { try await task.value }
    #expect(error?.code == .cancelled || error?.code == .unavailable)
    await pool.close()
  }

  @Test("survives a server that restarts while it is called")
  func restart() async throws {
    let limits = ServerLimits(drainTimeout: .seconds(1))
    var port = 0
    try await TestServer.run(limits: limits) { server in
      port = server.port
      let pool = client([port])
      let echo = EchoService.Client(channel: pool)
      let calls = Task {
        var done = 0
        while !Task.isCancelled {
          do {
            _ = try await echo.echo(EchoRequest(), options: CallOptions(isIdempotent: true))
            done += 1
          } catch let error as RPCError where error.code == .unavailable {
            try? await Task.sleep(for: .milliseconds(1))
          }
        }
        return done
      }
      try await eventually { server.handler.noted { $0.finished > 100 } }
      await server.server.drain()
      var router = Router()
      let handler = EchoHandler()
      router.register(handler)
      let again = RPCServer(
        router: router, security: .plaintext, group: TestServer.group, logger: TestServer.logger)
      try await Self.start(again, port: port)
      try await eventually { handler.noted { $0.finished > 100 } }
      calls.cancel()
      _ = await calls.result
      await pool.close()
      await again.drain()
    }
  }

  /// Listens on a port that was free a moment ago, once whoever tries it out has let go of it.
  private static func start(_ server: RPCServer, port: Int) async throws {
    for _ in 0..<100 {
      do {
        _ = try await server.start(on: [ListenAddress(host: "127.0.0.1", port: port)])
        return
      } catch {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
    _ = try await server.start(on: [ListenAddress(host: "127.0.0.1", port: port)])
  }
}
