import Synchronization
import Testing

@testable import PostgresClient

@Suite("Calls that a turn of their callers submits")
struct TurnTests {
  private static let enter = SQLStatement("turn.enter", "select clinic.enter($1)")
  private static let echo = SQLStatement("turn.echo", "select $1::int8")

  @Test("leave at its end, together")
  func oneBatch() async throws {
    let turn = Turn()
    try await Self.withClient(turn) { client in
      // The I/O thread may wake for something of its own while calls wait, and takes them along: some
      // turn is left alone.
      for _ in 0..<20 where try await Self.leaveTogether(turn, client) { return }
      Issue.record("each time calls left before the turn's end, or not together")
    }
  }

  private static func leaveTogether(_ turn: Turn, _ client: PostgresClient) async throws -> Bool {
    try await withThrowingTaskGroup(of: Void.self) { group in
      try await submitFirst(turn, client, to: &group)
      let before = client.metrics.sharedBatches
      for n in 1..<8 { group.addTask { try await check(n, client) } }
      // They are counted before they are in the mailbox.
      try await Task.sleep(for: .milliseconds(200))
      let during = client.metrics.sharedBatches
      turn.end()
      try await group.waitForAll()
      return during == before && client.metrics.sharedBatches == before + 1
    }
  }

  @Test("leave with the next command that cannot wait for its end")
  func overtaken() async throws {
    let turn = Turn()
    try await Self.withClient(turn) { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        try await Self.submitFirst(turn, client, to: &group)
        try await client.withConnection { connection in
          _ = try await connection.query("select 1")
        }
        try await group.waitForAll()
        // A promise that is kept late does no harm.
        turn.end()
      }
    }
  }

  @Test("leave at once where the thread takes no turns")
  func noTurns() async throws {
    try await Self.withClient(nil) { client in
      try await Self.check(7, client)
    }
  }

  /// Submits a call that waits for the turn's end. Those before it found the thread awake, which has
  /// something to do for itself after it has connected.
  private static func submitFirst(
    _ turn: Turn, _ client: PostgresClient, to group: inout ThrowingTaskGroup<Void, any Error>
  ) async throws {
    for _ in 0..<50 {
      group.addTask { try await check(0, client) }
      try await Task.sleep(for: .milliseconds(100))
      if turn.count == 1, client.loop.outstanding.load(ordering: .relaxed) == 1 { return }
      turn.end()
      try await Fixture.eventually { client.loop.outstanding.load(ordering: .relaxed) == 0 }
    }
    Issue.record("no call waits for the turn's end")
  }

  private static func check(_ number: Int, _ client: PostgresClient) async throws {
    let rows = try await client.query(
      echo(number), after: enter(TenantDatabase.companies[0]), readOnly: true)
    #expect(try rows[0].decode(0, as: Int.self) == number)
  }

  /// A client whose callers are in a turn, or for nil in none, once its connections are there.
  private static func withClient(
    _ turn: Turn?, _ body: (PostgresClient) async throws -> Void
  ) async throws {
    try await Fixture.withClient(
      try await TenantDatabase.make(),
      configure: { configuration in
        configuration.sharedConnections = 1
        configuration.atEndOfTurn = { turn?.add($0) ?? false }
      }
    ) { client in
      try await client.waitUntilAvailable()
      try await body(client)
    }
  }
}

/// A turn that ends when the test says so.
private final class Turn: Sendable {
  private let endings = Mutex<[@Sendable () -> Void]>([])

  var count: Int { endings.withLock { $0.count } }

  func add(_ ending: @escaping @Sendable () -> Void) -> Bool {
    endings.withLock { $0.append(ending) }
    return true
  }

  func end() {
    let endings = endings.withLock { endings in
      defer { endings = [] }
      return endings
    }
    for ending in endings { ending() }
  }
}
