package import Logging
internal import PostgresClient
package import RPCCore
internal import Synchronization
internal import Foundation

/// Knows whom access tokens and API keys stand for. One is verified and looked up once; after that a
/// call costs a comparison, until it expires or the database says that something changed.
///
/// Every server listens for such changes, and for its own heartbeat on the same way. While it does
/// not hear that, what it remembers counts for one second only, so that a revocation bites within a
/// second either way.
package final class SessionDirectory: Sendable {
  /// What is remembered of a token or a key.
  final class Entry: Sendable {
    let token: String
    let principal: Principal
    /// The token's own end.
    let expires: Deadline
    /// When the database was asked.
    let resolved: Deadline
    /// The key behind it, where it is a service account's.
    private let key: (stored: StoredApiKey, thumbprint: String?, use: ApiKeyUse)?
    private let revoked = Atomic<Bool>(false)

    init(
      token: String, principal: Principal, expires: Deadline, resolved: Deadline,
      key: (stored: StoredApiKey, thumbprint: String?, use: ApiKeyUse)? = nil
    ) {
      self.token = token
      self.principal = principal
      self.expires = expires
      self.resolved = resolved
      self.key = key
    }

    /// Throws where a connection is not one that it may be used over.
    func checkBinding(to peer: PeerInfo) throws {
      try key?.stored.checkBinding(to: peer, token: key?.thumbprint)
    }

    /// Notes that it was used.
    func noteUse(by peer: PeerInfo) { key?.use.note(by: peer) }

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
  private let keys: ApiKeys
  private let logger: Logger

  package init(database: Database, tokens: AccessTokens, keys: ApiKeys, logger: Logger) {
    self.database = database
    self.tokens = tokens
    self.keys = keys
    self.logger = logger
    database.onPrincipalChange { [weak self] in self?.apply($0) }
  }

  /// Whom a token or an API key stands for: UNAUTHENTICATED where it is wrong, expired, revoked, or
  /// bound to another certificate than the connection's.
  package func principal(for token: String, peer: PeerInfo, deadline: Deadline) async throws
    -> Principal
  {
    if let principal = knownPrincipal(for: token, peer: peer) { return principal }
    let known = state.withLock { $0.entries[token] }
    let entry =
      if let known, isValid(known) { known } else {
        try await resolve(token, peer: peer, deadline: deadline)
      }
    // Once for each connection: it remembers only what it may use.
    try entry.checkBinding(to: peer)
    peer.authentication.withLock { $0 = entry }
    entry.noteUse(by: peer)
    return entry.principal
  }

  /// Whom a token stands for that was the connection's last, and still counts.
  func knownPrincipal(for token: String, peer: PeerInfo) -> Principal? {
    guard let entry = peer.authentication.withLock({ $0 as? Entry }), entry.token == token,
      isValid(entry)
    else { return nil }
    entry.noteUse(by: peer)
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

  private func resolve(_ token: String, peer: PeerInfo, deadline: Deadline) async throws -> Entry {
    let generation = state.withLock { $0.generation }
    let entry = try await entry(of: token, peer: peer, deadline: deadline)
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

  private func entry(of token: String, peer: PeerInfo, deadline: Deadline) async throws -> Entry {
    if token.hasPrefix(ApiKeySecret.prefix) {
      let resolved = Deadline.now
      let key = try await keys.key(for: token, peer: peer, deadline: deadline)
      return Entry(
        token: token, principal: key.principal(), expires: .after(key.remaining),
        resolved: resolved, key: (key, nil, ApiKeyUse(key, in: keys)))
    }
    let claims = try await claims(of: token)
    let lifetime = Duration.seconds(claims.expires.timeIntervalSinceNow)
    let resolved = Deadline.now
    if let service = claims.service {
      let key = try await keys.key(for: claims, service, peer: peer, deadline: deadline)
      return Entry(
        token: token, principal: key.principal(scope: service.scope),
        expires: .after(min(key.remaining, lifetime)), resolved: resolved,
        key: (key, service.thumbprint, ApiKeyUse(key, in: keys)))
    }
    let rows = try await database.read(
      SessionStatements.resolve(claims.companyID, claims.credentialID), in: claims.companyID,
      deadline: deadline)
    guard rows.count == 1, try rows[0].decode(2, as: Bool.self),
      try rows[0].decode(0, as: UUID.self) == claims.accountID
    else { throw Self.revoked }
    return Entry(
      token: token, principal: try Self.principal(rows[0], claims: claims),
      expires: .after(lifetime), resolved: resolved)
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
      companyID: claims.companyID, staffID: claims.accountID, sessionID: claims.credentialID,
      permissions: mustChangePassword ? [] : permissions, isPlatform: isPlatform,
      displayName: try row.decode(1), mustChangePassword: mustChangePassword)
  }

  static let revoked = RPCError.unauthenticated(
    "The session has ended: log in again", reason: "SESSION_ENDED")

  // MARK: Changes

  /// Forgets what a change concerns.
  package func apply(_ change: PrincipalChange) {
    if change.accountID == nil { database.settingsCache.forget(change.companyID) }
    state.withLock { state in
      state.generation += 1
      for (token, entry) in state.entries
      where change.concerns(
        companyID: entry.principal.companyID, accountID: entry.principal.accountID,
        credentialID: entry.principal.credentialID)
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
