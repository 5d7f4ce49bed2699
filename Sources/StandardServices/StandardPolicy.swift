internal import RPCCore

/// What gRPC's own services cost, and how long their calls take at most: their contracts do not
/// say. They are open to everybody, so nothing of them is for free.
enum StandardPolicy {
  /// A question of a balancer, once in a few seconds.
  static let check = policy(.seconds(10))
  /// Lasts while nothing changes. Clients of gRPC ask again when it ends.
  static let watch = policy(.seconds(600), messageCost: 1)
  /// A session of a person with a tool. An answer of some descriptors is a few hundred kilobytes,
  /// whatever the size of its question.
  static let reflection = policy(.seconds(60), messageCost: 20)

  private static func policy(_ maxDeadline: Duration, messageCost: Int = 0) -> MethodPolicy {
    MethodPolicy(
      permissions: [], audience: .everybody, audit: .none, idempotency: .noSideEffects,
      maxDeadline: maxDeadline, messageCost: messageCost)
  }
}
