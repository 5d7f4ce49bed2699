@testable import ClinicClient
import ClinicContracts
import ProtobufRuntime
import RPCCore
import RPCTransport
import Synchronization
import Testing

@Suite("Clinic client")
struct ClinicClientTests {
  /// Runs `body` with a client of a server whose tokens `desk` gives out.
  static func withClient<Result>(
    _ desk: TokenDesk, store: MemoryCredentialStore = MemoryCredentialStore(),
    now: @escaping @Sendable () -> Int64 = { 1_000 },
    isolation: isolated (any Actor)? = #isolation,
    _ body: (ClinicClient) async throws -> Result
  ) async throws -> Result {
    try await TestServer.with(desk) { port in
      let channel = TestServer.channel(port: port)
      let client = ClinicClient(
        channel: channel, credentials: store, now: now,
        close: { await channel.close() })
      let result: Result
      do {
        result = try await body(client)
      } catch {
        await client.close()
        throw error
      }
      await client.close()
      return result
    }
  }

  @Test("logs in, calls with the token, and logs out")
  func session() async throws {
    let store = MemoryCredentialStore()
    try await Self.withClient(TokenDesk(), store: store) { client in
      #expect(try await !client.isLoggedIn)
      let reply = try await client.login(
        company: "demo", email: "ann@demo.example", password: "correct horse")
      #expect(reply.staff?.displayName == "Ann")
      #expect(try await store.load()?.accessToken == "access-1")
      #expect(try await client.auth.getCaller(GetCallerRequest()).staff?.displayName == "Ann")
      try await client.logout()
      #expect(try await store.load() == nil)
      #expect(try await !client.isLoggedIn)
    }
  }

  @Test("keeps nothing of a login that fails")
  func failedLogin() async throws {
    let store = MemoryCredentialStore()
    try await Self.withClient(TokenDesk(), store: store) { client in
      let error = await #expect(throws: RPCError.self) {
        try await client.login(company: "demo", email: "ann@demo.example", password: "wrong")
      }
      #expect(error?.code == .unauthenticated)
      let stored = try await store.load()
      #expect(stored == nil)
    }
  }

  @Test("renews a refused token once for any number of calls at the same time")
  func singleFlight() async throws {
    let desk = TokenDesk()
    let store = MemoryCredentialStore(desk.issue())
    // The client's access token is worthless, its refresh token is good.
    desk.state.withLock { $0.generation = 1 }
    let stale = Credentials(accessToken: "access-0", refreshToken: "refresh-1")
    try await store.save(stale)
    try await Self.withClient(desk, store: store) { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<50 {
          group.addTask { _ = try await client.auth.getCaller(GetCallerRequest()) }
        }
        try await group.waitForAll()
      }
    }
    #expect(desk.refreshes == 1)
    #expect(try await store.load()?.refreshToken == "refresh-2")
  }

  @Test("renews a token shortly before it expires, once for all calls")
  func beforeExpiry() async throws {
    let desk = TokenDesk()
    desk.state.withLock { $0.expiry = 1_020 }
    let store = MemoryCredentialStore(desk.issue())
    desk.state.withLock { $0.expiry = 5_000 }
    try await Self.withClient(desk, store: store, now: { 1_000 }) { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<10 {
          group.addTask { _ = try await client.auth.getCaller(GetCallerRequest()) }
        }
        try await group.waitForAll()
      }
      _ = try await client.auth.getCaller(GetCallerRequest())
    }
    #expect(desk.refreshes == 1)
  }

  @Test("does not renew a token that is good for a while")
  func notTooEarly() async throws {
    let desk = TokenDesk()
    desk.state.withLock { $0.expiry = 1_031 }
    let store = MemoryCredentialStore(desk.issue())
    try await Self.withClient(desk, store: store, now: { 1_000 }) { client in
      _ = try await client.auth.getCaller(GetCallerRequest())
    }
    #expect(desk.refreshes == 0)
  }

  @Test("does not renew before every call where this computer's clock is ahead")
  func clockAhead() async throws {
    let desk = TokenDesk()
    desk.state.withLock { $0.expiry = 500 }
    let store = MemoryCredentialStore(desk.issue())
    try await Self.withClient(desk, store: store, now: { 1_000 }) { client in
      for _ in 0..<5 { _ = try await client.auth.getCaller(GetCallerRequest()) }
    }
    #expect(desk.refreshes == 1)
  }

  @Test("forgets a session that the server has ended")
  func endedSession() async throws {
    let desk = TokenDesk()
    let store = MemoryCredentialStore(desk.issue())
    desk.state.withLock { $0.isOver = true }
    try await Self.withClient(desk, store: store) { client in
      let error = await #expect(throws: RPCError.self) {
        try await client.auth.getCaller(GetCallerRequest())
      }
      #expect(error?.code == .unauthenticated)
      let stored = try await store.load()
      #expect(stored == nil)
    }
  }

  @Test("takes over the tokens that another process has renewed")
  func otherProcess() async throws {
    let desk = TokenDesk()
    let store = MemoryCredentialStore(desk.issue())
    try await Self.withClient(desk, store: store) { client in
      _ = try await client.auth.getCaller(GetCallerRequest())
      // Somebody else spends the refresh token and keeps the new pair in the store.
      try await store.save(desk.refresh("refresh-1"))
      _ = try await client.auth.getCaller(GetCallerRequest())
    }
    #expect(desk.refreshes == 1)
    #expect(desk.state.withLock { !$0.isOver })
  }

  @Test("begins a stream of replies again where the token was refused before the first one")
  func serverStream() async throws {
    let desk = TokenDesk()
    let store = MemoryCredentialStore(desk.issue())
    try await store.save(Credentials(accessToken: "stale", refreshToken: "refresh-1"))
    try await Self.withClient(desk, store: store) { client in
      let begun = Mutex(0)
      let ids = try await client.patients.export(ExportPatientsRequest()) { replies in
        begun.withLock { $0 += 1 }
        var ids: [String] = []
        for try await reply in replies { ids += reply.patients.map(\.patientID) }
        return ids
      }
      #expect(ids == ["0", "1", "2"])
      #expect(begun.withLock { $0 } == 1)
    }
  }

  @Test("sends a stream of requests with the token")
  func clientStream() async throws {
    let desk = TokenDesk()
    let store = MemoryCredentialStore(desk.issue())
    try await Self.withClient(desk, store: store) { client in
      let reply = try await client.patients.import { writer in
        for line in 1...20 {
          try await writer.write(.init(part: .row(ImportRow(line: Int64(line)))))
        }
      }
      #expect(reply.createdCount == 20)
    }
  }

  @Test("leaves a token of the caller's own alone")
  func ownToken() async throws {
    let desk = TokenDesk()
    try await Self.withClient(desk, store: MemoryCredentialStore(desk.issue())) { client in
      let error = await #expect(throws: RPCError.self) {
        try await client.auth.getCaller(
          GetCallerRequest(), options: CallOptions(authorization: "mine"))
      }
      #expect(error?.code == .unauthenticated)
      #expect(desk.refreshes == 0)
    }
  }

  @Test("does not lose renewed tokens when the call that asked for them is given up")
  func cancelledCaller() async throws {
    let desk = TokenDesk()
    let store = MemoryCredentialStore(desk.issue())
    try await store.save(Credentials(accessToken: "stale", refreshToken: "refresh-1"))
    try await Self.withClient(desk, store: store) { client in
      await withTaskGroup(of: Void.self) { group in
        group.addTask { _ = try? await client.auth.getCaller(GetCallerRequest()) }
        while await client.keeper.isRefreshing == false { await Task.yield() }
        group.cancelAll()
      }
      _ = try await client.auth.getCaller(GetCallerRequest())
    }
    #expect(desk.refreshes == 1)
    #expect(try await store.load()?.accessToken == "access-2")
  }
}
