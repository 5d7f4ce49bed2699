internal import Crypto
package import FoundationEssentials

/// The keys that sign and verify access tokens, as a value.
///
/// The newest key that is active signs; every key that is not retired verifies. A new key is made
/// well before the signing one grows too old, and becomes active only after ``Policy/notice``, so
/// that every server has read it by then. Who calls ``rotated(at:)`` now and then, stores what it
/// returns, and drops retired keys, rotates them.
package struct SigningKeyRing: Sendable {
  /// How long the keys of a ring live.
  package struct Policy: Sendable, Hashable {
    /// How long a key signs.
    package var signingPeriod: Duration
    /// How long a key is known before it signs.
    package var notice: Duration
    /// How long a key verifies after the next one signs: more than an access token lives.
    package var overlap: Duration

    /// Makes a policy. By default: 30 days, an hour, a day.
    package init(
      signingPeriod: Duration = .seconds(30 * 86_400), notice: Duration = .seconds(3600),
      overlap: Duration = .seconds(86_400)
    ) {
      self.signingPeriod = signingPeriod
      self.notice = notice
      self.overlap = overlap
    }
  }

  /// The stored keys, the one that activates last first.
  package let records: [SigningKeyRecord]

  private let policy: Policy
  private let privateKeys: [UUID: Curve25519.Signing.PrivateKey]

  /// Makes a ring of stored keys. Records whose bytes are no key are passed over.
  package init(_ records: [SigningKeyRecord], policy: Policy = Policy()) {
    var keys: [UUID: Curve25519.Signing.PrivateKey] = [:]
    for record in records {
      keys[record.id] = try? Curve25519.Signing.PrivateKey(rawRepresentation: record.privateKey)
    }
    privateKeys = keys
    self.policy = policy
    self.records = records.filter { keys[$0.id] != nil }
      .sorted { ($0.activates, $0.id) > ($1.activates, $1.id) }
  }

  /// The key that signs at a moment: the newest active one.
  package func signingRecord(at now: Date) -> SigningKeyRecord? {
    records.first { $0.activates <= now && now < $0.retires }
  }

  /// The stored key with an id, where it may verify at a moment. One that is not active yet may:
  /// the clocks of servers differ.
  package func verifyingRecord(id: UUID, at now: Date) -> SigningKeyRecord? {
    records.first { $0.id == id && now < $0.retires }
  }

  /// A key to store now, or nil while there is nothing to do: a first one, active at once; or the
  /// next one, when the signing one has all but served its time.
  package func rotated(at now: Date) -> SigningKeyRecord? {
    guard let newest = records.first, now < newest.retires else {
      return record(at: now, activates: now)
    }
    let handover = newest.activates + policy.signingPeriod.seconds
    let notice = policy.notice.seconds
    guard now >= handover - notice else { return nil }
    return record(at: now, activates: max(handover, now + notice))
  }

  func privateKey(of record: SigningKeyRecord) -> Curve25519.Signing.PrivateKey? {
    privateKeys[record.id]
  }

  /// The key after this one is active `notice` after the signing period at the latest, and then
  /// comes the overlap.
  private func record(at now: Date, activates: Date) -> SigningKeyRecord {
    let lifetime = policy.signingPeriod + policy.notice + policy.overlap
    return SigningKeyRecord(
      created: now, activates: activates, retires: activates + lifetime.seconds)
  }
}

extension Duration {
  /// As Foundation counts.
  fileprivate var seconds: Double { self / .seconds(1) }
}
