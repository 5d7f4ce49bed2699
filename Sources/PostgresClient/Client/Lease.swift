import Synchronization

/// One caller's time with a leased connection.
final class Lease: Sendable {
  let loop: IOLoop
  let connection: Int
  /// The deadline of the whole lease; nil if each call has the default one.
  let deadline: ContinuousClock.Instant?
  private let hasEnded = Atomic(false)

  init(loop: IOLoop, connection: Int, deadline: ContinuousClock.Instant?) {
    self.loop = loop
    self.connection = connection
    self.deadline = deadline
  }

  /// Gives the connection back. Idempotent.
  func end() {
    if hasEnded.exchange(true, ordering: .relaxed) { return }
    _ = loop.post(.release(connection: connection))
  }

  var isPastDeadline: Bool { deadline.map { $0 <= .now } ?? false }

  var callDeadline: MonotonicTime {
    deadline == nil ? .now() + loop.configuration.defaultTimeout : MonotonicTime(deadline)
  }

  func post(_ call: PostgresCall) -> Bool {
    loop.post(.submitLeased(call, connection: connection))
  }

  func check() throws(PostgresClientError) {
    if hasEnded.load(ordering: .relaxed) {
      throw PostgresClientError(.leaseEnded, "the connection was given back")
    }
  }

  nonisolated(nonsending) func run(_ batch: [SQLQuery]) async throws -> [PostgresRows] {
    guard !batch.isEmpty else { return [] }
    try check()
    try IOLoop.check(batch)
    let call = PostgresCall(.batch(batch.map { $0.resolved() }), deadline: callDeadline)
    return try await loop.perform(call, post: post)
  }

  nonisolated(nonsending) func runScript(_ text: String) async throws {
    try check()
    let call = PostgresCall(.script(text), firstWanted: .max, deadline: callDeadline)
    _ = try await loop.perform(call, post: post)
  }
}
