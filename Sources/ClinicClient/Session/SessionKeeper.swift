internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore
internal import Synchronization

/// Holds the tokens of a client's session and renews them: shortly before the access token expires,
/// and when the server refuses it. However many calls ask, one refresh is under way at a time.
actor SessionKeeper {
  /// How long before its end an access token is renewed.
  static let margin: Int64 = 30

  private let store: any CredentialStore
  /// Exchanges a refresh token for new credentials.
  private let exchange: @Sendable (_ refreshToken: String) async throws -> Credentials
  /// The seconds since 1970.
  private let now: @Sendable () -> Int64

  /// Changed in turns of the actor only; most calls need no more than a look, and take no turn.
  private let known = Mutex<Credentials?>(nil)
  private var isLoaded = false
  /// The refresh under way, which all who ask wait for.
  private var refreshing: Task<Credentials, any Error>?
  /// A token that looked expired on arrival: this computer's clock is ahead, so the token is used
  /// until the server refuses it.
  private var tokenBeyondClock: String?

  init(
    store: any CredentialStore, now: @escaping @Sendable () -> Int64,
    exchange: @escaping @Sendable (_ refreshToken: String) async throws -> Credentials
  ) {
    self.store = store
    self.now = now
    self.exchange = exchange
  }

  /// Whether new tokens are on their way.
  var isRefreshing: Bool { refreshing != nil }

  /// The access token in use, where it is not to be renewed yet.
  nonisolated var freshToken: String? {
    guard let current = known.withLock({ $0 }), !isExpiring(current) else { return nil }
    return current.accessToken
  }

  /// The access token for a call; nil where nobody is logged in.
  func accessToken() async throws -> String? {
    guard let current = try await current() else { return nil }
    guard isExpiring(current), current.accessToken != tokenBeyondClock else {
      return current.accessToken
    }
    do {
      return try await refreshed(insteadOf: current.accessToken).accessToken
    } catch let error as RPCError where error.code == .unavailable && !isExpired(current) {
      // The token still has its last seconds.
      return current.accessToken
    }
  }

  /// The access token for another try of a call that the server refused `token` for; nil where
  /// nobody is logged in any more.
  func accessToken(insteadOf token: String) async throws -> String? {
    guard let current = try await current() else { return nil }
    if current.accessToken != token { return current.accessToken }
    return try await refreshed(insteadOf: token).accessToken
  }

  /// Begins a session with the credentials of a login.
  func begin(_ credentials: Credentials) async throws {
    try await store.withExclusiveAccess { [store] in try await store.save(credentials) }
    adopt(credentials)
  }

  /// Forgets the session.
  func end() async throws {
    forget()
    try await store.withExclusiveAccess { [store] in try await store.save(nil) }
  }

  private func forget() {
    known.withLock { $0 = nil }
    isLoaded = true
  }

  /// The credentials in use.
  func current() async throws -> Credentials? {
    if !isLoaded {
      let stored = try await store.load()
      // Another call may have got here first.
      if !isLoaded {
        known.withLock { $0 = stored }
        isLoaded = true
      }
    }
    return known.withLock { $0 }
  }

  private func refreshed(insteadOf token: String) async throws -> Credentials {
    if let refreshing { return try await refreshing.value }
    // Not a child of the caller's task: others wait for it too, and the new tokens must not get
    // lost when one caller gives up. It ends with the exchange, which has a deadline.
    let task = Task { try await refresh(insteadOf: token) }
    refreshing = task
    return try await task.value
  }

  private func refresh(insteadOf token: String) async throws -> Credentials {
    defer { refreshing = nil }
    do {
      let fresh = try await store.withExclusiveAccess { [store, exchange] in
        let stored = try await store.load()
        // Another process may have renewed the tokens in the meantime.
        if let stored, stored.accessToken != token { return stored }
        guard let refreshToken = stored?.refreshToken, !refreshToken.isEmpty else {
          throw RPCError.unauthenticated("Nobody is logged in", reason: "NOT_LOGGED_IN")
        }
        do {
          let fresh = try await exchange(refreshToken)
          try await store.save(fresh)
          return fresh
        } catch let error as RPCError where error.code == .unauthenticated {
          // The session is over: the refresh token will not work again.
          try await store.save(nil)
          throw error
        }
      }
      adopt(fresh)
      return fresh
    } catch let error as RPCError where error.code == .unauthenticated {
      forget()
      throw error
    }
  }

  private func adopt(_ credentials: Credentials) {
    known.withLock { $0 = credentials }
    isLoaded = true
    tokenBeyondClock = isExpiring(credentials) ? credentials.accessToken : nil
  }

  private nonisolated func isExpiring(_ credentials: Credentials) -> Bool {
    expiry(credentials) - Self.margin <= now()
  }

  private func isExpired(_ credentials: Credentials) -> Bool {
    expiry(credentials) <= now()
  }

  /// A server that does not say when a token ends means: until it is refused.
  private nonisolated func expiry(_ credentials: Credentials) -> Int64 {
    credentials.accessTokenExpireTime?.seconds ?? .max
  }
}
