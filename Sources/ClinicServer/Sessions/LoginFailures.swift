internal import Crypto
internal import Foundation
internal import PostgresClient
internal import RPCCore

/// Counts failed logins by account, by clinic and address, and by address, in the database, so that every server of the
/// platform counts together and a restart forgets nothing.
///
/// Names are counted whether they exist or not, under keyed hashes.
package struct LoginFailures: Sendable {
  private let database: Database
  private let key: SymmetricKey

  /// Makes a counter; all servers of a platform share the secret.
  package init(database: Database, secret: [UInt8]) {
    self.database = database
    key = SymmetricKey(data: secret)
  }

  /// What is counted: a hash, and what it hashes.
  private struct Key: Sendable {
    let hash: [UInt8]
    let kind: LoginThrottle.Kind
  }

  /// Runs a check of a password. Refuses it with RESOURCE_EXHAUSTED and the time to wait while the
  /// account, the clinic's address or the address is locked out; a check that finds nothing (nil)
  /// counts as a failure. `company` and `email` are as folded as the check compares them, or ids
  /// that stand for them.
  ///
  /// For its account, the attempt counts as failed until it has succeeded, so that many at once do
  /// not all get through; for its address only when it has failed, since a whole clinic may log in
  /// from one at the same minute.
  func attempt<Result>(
    company: String, email: String, address: String, deadline: Deadline,
    _ check: () async throws -> Result?
  ) async throws -> Result? {
    let network = AddressMeters.network(address)
    let account = Key(hash: hash("account \(company) \(email)"), kind: .account)
    let places = [
      Key(hash: hash("place \(company) \(network)"), kind: .place),
      Key(hash: hash("address \(network)"), kind: .address)
    ]
    try await refuseLockedOut([account] + places, deadline: deadline)
    try await count([account], deadline)
    do {
      guard let result = try await check() else {
        try await count(places, deadline)
        return nil
      }
      // Those of the address stay: an attacker with one account of their own must not clear them.
      _ = try await run(SessionStatements.forgetFailures([account.hash]), deadline)
      return result
    } catch {
      // Neither right nor wrong: the password could not be checked.
      _ = try? await run(SessionStatements.takeBackFailure([account.hash]), deadline)
      throw error
    }
  }

  /// Runs a check of an API key. Refuses it with RESOURCE_EXHAUSTED and the time to wait while the
  /// clinic's address or the address is locked out; a check that finds nothing (nil) counts as a
  /// failure of both. `company` is the clinic that the key names.
  ///
  /// Counted apart from passwords, so that people who mistype theirs do not stop a program that
  /// shares their address. Not counted for each key: nobody guesses one, and whoever knows a key's
  /// id must not be able to lock it out.
  func attemptKey<Result>(
    company: String, address: String, deadline: Deadline, _ check: () async throws -> Result?
  ) async throws -> Result? {
    let network = AddressMeters.network(address)
    let places = [
      Key(hash: hash("key place \(company) \(network)"), kind: .place),
      Key(hash: hash("key address \(network)"), kind: .address)
    ]
    try await refuseLockedOut(places, deadline: deadline)
    if let result = try await check() { return result }
    try await count(places, deadline)
    return nil
  }

  private func refuseLockedOut(_ keys: [Key], deadline: Deadline) async throws {
    let rows = try await run(SessionStatements.failures(keys.map(\.hash)), deadline)
    let now = PostgresTimestamp.now
    for index in 0..<rows.count {
      let hash = try rows[index].decode(0, as: [UInt8].self)
      guard let key = keys.first(where: { $0.hash == hash }) else { continue }
      let wait = LoginThrottle.delay(
        kind: key.kind, failures: Int(try rows[index].decode(1, as: Int32.self)),
        sinceLast: now.duration(since: try rows[index].decode(2)))
      if wait > .zero {
        throw RPCError.resourceExhausted(
          "Too many failed attempts: wait before the next", reason: "TOO_MANY_ATTEMPTS",
          retryAfter: wait)
      }
    }
  }

  private func count(_ keys: [Key], _ deadline: Deadline) async throws {
    let memories = keys.map { Int32($0.kind.memory.components.seconds) }
    _ = try await run(SessionStatements.countFailure(keys.map(\.hash), memories), deadline)
  }

  private func run(_ statement: BoundStatement, _ deadline: Deadline) async throws -> PostgresRows {
    try await database.client.query(statement, deadline: deadline.postgres)
  }

  private func hash(_ text: String) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
  }
}
