package import Logging
internal import PostgresClient
internal import RPCCore
internal import Synchronization
internal import struct Foundation.UUID

/// Checks API keys, and keeps when and from where they were last used: noted in memory, at most once
/// a minute for each key, and written in batches, so that a call writes nothing.
package final class ApiKeys: Sendable {
  /// The time between two batches. What is not yet written is lost when the server is killed.
  static let interval = Duration.seconds(5)

  /// A use of a key.
  private struct Use: Sendable {
    let companyID: UUID
    let time: PostgresTimestamp
    let address: String
  }

  private struct State {
    /// What is to be written.
    var uses: [UUID: Use] = [:]
    /// The minute in which each key was noted last, where that was not long ago.
    var noted: [UUID: UInt64] = [:]
  }

  private let state = Mutex(State())
  private let database: Database
  private let failures: LoginFailures
  private let logger: Logger

  package init(database: Database, failures: LoginFailures, logger: Logger) {
    self.database = database
    self.failures = failures
    self.logger = logger
  }

  /// The key that a text is, if it works over a connection. Texts that are no key's are counted for
  /// their clinic and address, and too many of them refuse it for a while; a key that has ended is not, since
  /// a program that was not told goes on with it.
  func key(for text: String, peer: PeerInfo, deadline: Deadline) async throws -> StoredApiKey {
    let secret = ApiKeySecret(text: text)
    let found = try await failures.attemptKey(
      company: secret?.companyID.text ?? "", address: peer.address, deadline: deadline
    ) { () async throws -> StoredApiKey? in
      guard let secret else { return nil }
      let stored = try await StoredApiKey.find(
        secret.keyID, in: secret.companyID, of: database, deadline: deadline)
      return stored.flatMap { secret.matches(hash: $0.hash) ? $0 : nil }
    }
    guard let found else { throw StoredApiKey.refused }
    try found.checkWorks()
    try found.checkBinding(to: peer)
    return found
  }

  /// The key that a token was given for, if both work over a connection.
  func key(
    for claims: AccessTokenClaims, _ service: AccessTokenClaims.Service, peer: PeerInfo,
    deadline: Deadline
  ) async throws -> StoredApiKey {
    let found = try await StoredApiKey.find(
      claims.credentialID, in: claims.companyID, of: database, deadline: deadline)
    guard let found, found.accountID == claims.accountID else { throw StoredApiKey.refused }
    try found.checkWorks()
    try found.checkBinding(to: peer, token: service.thumbprint)
    return found
  }

  // MARK: Uses

  /// The minute of the monotonic clock.
  fileprivate static var minute: UInt64 { Deadline.now.uptimeNanoseconds / 60_000_000_000 }

  /// Notes a use, unless there was one in the same minute, with whichever token.
  func noteUse(of keyID: UUID, in companyID: UUID, from address: String) {
    let minute = Self.minute
    let use = Use(companyID: companyID, time: .now, address: address)
    state.withLock { state in
      guard state.noted.updateValue(minute, forKey: keyID) != minute else { return }
      state.uses[keyID] = use
    }
  }

  /// Writes batches until the task is cancelled. The last one is its owner's to flush.
  package func run() async {
    while (try? await Task.sleep(for: Self.interval)) != nil { await flush() }
  }

  /// Writes what waits. What cannot be written waits on.
  package func flush() async {
    let minute = Self.minute
    let taken = state.withLock { state in
      defer { state.uses = [:] }
      state.noted = state.noted.filter { $0.value == minute }
      return state.uses
    }
    for (companyID, entries) in Dictionary(grouping: taken, by: \.value.companyID) {
      do {
        _ = try await database.client.query(
          ApiKeyStatements.noteUses(
            companyID, entries.map(\.key), entries.map(\.value.time), entries.map(\.value.address)),
          after: TenancyStatements.enter(companyID),
          deadline: Deadline.after(.seconds(30)).postgres)
      } catch {
        logger.warning(
          "uses of API keys not written", metadata: ["error": "\(ErrorText.forLog(error))"])
        state.withLock { state in
          for (keyID, use) in entries { state.uses[keyID] = state.uses[keyID] ?? use }
        }
      }
    }
  }
}

/// Keeps the uses of one remembered key or token to one note a minute, without a lock.
final class ApiKeyUse: Sendable {
  private let keys: ApiKeys
  private let companyID: UUID
  private let keyID: UUID
  /// The minute of the monotonic clock that was noted last.
  private let minute = Atomic<UInt64>(.max)

  init(_ key: StoredApiKey, in keys: ApiKeys) {
    self.keys = keys
    companyID = key.companyID
    keyID = key.keyID
  }

  /// Notes a use, unless there was one in the same minute.
  func note(by peer: PeerInfo) {
    let now = ApiKeys.minute
    guard minute.load(ordering: .relaxed) != now else { return }
    minute.store(now, ordering: .relaxed)
    keys.noteUse(of: keyID, in: companyID, from: peer.address)
  }
}
