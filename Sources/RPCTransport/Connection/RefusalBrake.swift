package import RPCCore

/// Decides when a caller that goes on calling although it is refused is not listened to for a
/// while: each refusal costs the server, and a caller that ignores them would have it do nothing
/// else.
package struct RefusalBrakeStateMachine: Sendable {
  /// Refusals within a window that cost the caller nothing: one burst of a polite client.
  package static let free = 64

  /// The time in which refusals are counted.
  package static let window = Duration.milliseconds(100)

  private var windowEnd = Deadline(uptimeNanoseconds: 0)
  private var count = 0

  package init() {}

  /// A call was refused. Returns until when nothing is to be read, if that begins now.
  package mutating func refuse(at now: Deadline) -> Deadline? {
    if now >= windowEnd {
      windowEnd = now.advanced(by: Self.window)
      count = 0
    }
    count += 1
    return count == Self.free ? windowEnd : nil
  }
}

extension RefusalBrakeStateMachine {
  /// A call ended with this error on the connection behind a gate.
  mutating func note(_ failure: RPCError?, gate: (any ReadingGate)?) {
    guard failure?.code == .resourceExhausted, let gate = gate as? ConnectionGate,
      let end = refuse(at: .now)
    else { return }
    gate.close(until: end)
  }
}
