package import Logging
internal import PostgresClient
package import RPCCore
internal import Synchronization
internal import Foundation

/// Knows whom access tokens stand for. A token is verified and looked up once; after that a call
/// costs a comparison, until the token expires or the database says that something changed.
///
/// Every server listens for such changes, and for its own heartbeat on the same way. While it does
/// not hear that, what it remembers counts for one second only, so that a revocation bites within a
/// second either way.
package final class SessionDirectory: Sendable {
  /// What is remembered of a token.
  final class Entry: Sendable {
    let token: String
    let principal: Principal
    /// The token's own end.
    let expires: Deadline
    /// When the database was asked.
    let resolved: Deadline
    private let revoked = Atomic<Bool>(false)

    init(token: String, principal: Principal, expires: Deadline, resolved: Deadline) {
      self.token = token
      self.principal = principal
      self.expires = expires
      self.resolved = resolved
    }

    var isRevoked: Bool { revoked.load(ordering: .acquiring) }
    func revoke() { revoked.store(true, ordering: .releasing) }
  }

  private struct State {
    var entries: [String: Entry] = [:]
    /// Counts the changes: an answer that was asked for before one is not remembered after it.
    var generation: UInt64 = 0

    /// Connections remember entries too: none may outlive its place here unrevoked.
    mutating func forgetEverything() {
      for entry in entries.values { entry.revoke() }
      entries.removeAll()
    }
  }

  /// The most tokens that are remembered.
  static let capacity = 100_000

  /// How long an answer counts while changes cannot be heard of.
  static let unheardLifetime = Duration.seconds(1)

  /// The time between two heartbeats.
  static let heartbeat = Duration.milliseconds(400)

  private let state = Mutex(State())
  /// When the own heartbeat was last heard, in nanoseconds of the monotonic clock.
  private let lastHeard = Atomic<UInt64>(0)
  private let heartbeatText = "beat \(UUIDv7.make().text)"
  private let database: Database
  private let tokens: AccessTokens
  private let logger: Logger

  package init(database: Database, tokens: AccessTokens, logger: Logger) {
    self.database = database
    self.tokens = tokens
    self.logger = logger
    database.onPrincipalChange { [weak self] in self?.apply($0) }
  }

  /// Whom a token stands for: UNAUTHENTICATED where it is wrong, expired or revoked.
  package func principal(for token: String, peer: PeerInfo, deadline: Deadline) async throws
    -> Principal
  {
    // The usual case: the connection's last token again.
    if let entry = peer.authentication.withLock({ $0 as? Entry }), entry.token == token,
      isValid(entry)
    {
      return entry.principal
    }
    if let entry = state.withLock({ $0.entries[token] }), isValid(entry) {
      peer.authentication.withLock { $0 = entry }
      return entry.principal
    }
    let entry = try await resolve(token, deadline: deadline)
    peer.authentication.withLock { $0 = entry }
    return entry.principal
  }

  /// Whether a principal that was given out may still act.
  package func isCurrent(_ principal: Principal, token: String) -> Bool {
    state.withLock { $0.entries[token] }.map { $0.principal === principal && isValid($0) } ?? false
  }

  private func isValid(_ entry: Entry) -> Bool {
    if entry.isRevoked { return false }
    let now = Deadline.now
    guard now < entry.expires else { return false }
    let heard = Deadline(uptimeNanoseconds: lastHeard.load(ordering: .acquiring))
    return now < max(heard, entry.resolved).advanced(by: Self.unheardLifetime)
  }

  private func resolve(_ token: String, deadline: Deadline) async throws -> Entry {
    let generation = state.withLock { $0.generation }
    let claims = try await claims(of: token)
    let resolved = Deadline.now
    let rows = try await database.read(
      SessionStatements.resolve(claims.companyID, claims.sessionID), in: claims.companyID,
      deadline: deadline)
    guard rows.count == 1, try rows[0].decode(2, as: Bool.self),
      try rows[0].decode(0, as: UUID.self) == claims.staffID
    else { throw Self.revoked }
    let entry = Entry(
      token: token, principal: try Self.principal(rows[0], claims: claims),
      expires: .after(.seconds(claims.expires.timeIntervalSinceNow)), resolved: resolved)
    state.withLock { state in
      guard state.generation == generation else {
        // Good for this call, which began before the change; a connection must not remember it.
        entry.revoke()
        return
      }
      if state.entries.count >= Self.capacity { state.forgetEverything() }
      state.entries[token] = entry
    }
    return entry
  }

  private func claims(of token: String) async throws -> AccessTokenClaims {
    do {
      return try await tokens.verify(token)
    } catch {
      throw RPCError.unauthenticated(
        error == .expired ? "The access token has expired" : "The access token is not accepted",
        reason: error == .expired ? "TOKEN_EXPIRED" : "TOKEN_REFUSED")
    }
  }

  private static func principal(
    _ row: PostgresRow, claims: AccessTokenClaims
  ) throws -> Principal {
    let isPlatform = claims.companyID == Platform.companyID
    let mustChangePassword = try row.decode(3, as: Bool.self)
    let builtIn = try row.decode(4, as: [Int16].self).compactMap(BuiltInRole.init)
    var permissions = Set(try row.decode(5, as: [String].self))
    for role in builtIn { permissions.formUnion(role.permissions(isPlatform: isPlatform)) }
    return Principal(
      companyID: claims.companyID, staffID: claims.staffID, sessionID: claims.sessionID,
      permissions: mustChangePassword ? [] : permissions, isPlatform: isPlatform,
      displayName: try row.decode(1), mustChangePassword: mustChangePassword)
  }

  static let revoked = RPCError.unauthenticated(
    "The session has ended: log in again", reason: "SESSION_ENDED")

  // MARK: Changes

  /// Forgets what a change concerns.
  package func apply(_ change: PrincipalChange) {
    if change.staffID == nil { database.settingsCache.forget(change.companyID) }
    state.withLock { state in
      state.generation += 1
      for (token, entry) in state.entries
      where change.concerns(
        companyID: entry.principal.companyID, staffID: entry.principal.staffID,
        sessionID: entry.principal.sessionID)
      {
        entry.revoke()
        state.entries[token] = nil
      }
    }
  }

  private func forgetEverything() {
    state.withLock { state in
      state.generation += 1
      state.forgetEverything()
    }
  }

  /// Listens for changes until the task is cancelled.
  package func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await self.listen() }
      group.addTask { try await self.beat() }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func listen() async {
    for await event in database.client.notifications([PrincipalChange.channel]) {
      switch event {
      case .gap:
        // Whatever happened before is unknown.
        forgetEverything()
        database.settingsCache.forget()
      case .notification(let notification):
        if notification.payload == heartbeatText {
          lastHeard.store(Deadline.now.uptimeNanoseconds, ordering: .releasing)
        } else if let change = PrincipalChange(payload: notification.payload) {
          apply(change)
        }
      }
    }
  }

  private func beat() async throws {
    // Listening takes a moment to begin; that is no news.
    let start = Deadline.now
    var isHeard = true
    while true {
      do {
        _ = try await database.client.pipeline(
          [SessionStatements.announce(heartbeatText)],
          deadline: Deadline.after(.seconds(1)).postgres)
      } catch is CancellationError {
        return
      } catch {
        // The database is away: nothing that is remembered counts for long.
      }
      try await Task.sleep(for: Self.heartbeat)
      let heard = Deadline(uptimeNanoseconds: lastHeard.load(ordering: .acquiring))
      let hears = !max(heard, start).advanced(by: .seconds(2)).hasPassed
      if hears != isHeard {
        isHeard = hears
        logger.log(
          level: hears ? .notice : .warning,
          hears
            ? "changes of sessions are heard of again"
            : "changes of sessions are not heard of: they are looked up every second")
      }
    }
  }
}
