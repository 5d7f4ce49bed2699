package import RPCCore

/// Decides when a caller of HTTP/2 asks too often for a sign of life.
///
/// As gRPC has it (proposal A8): two early pings are forgiven, and everything is once the server
/// has sent something, because pings that measure a path come in answer to data.
package struct PingPolicy: Sendable {
  private static let forgiven = 2

  private let interval: Duration
  private var last: Deadline?
  private var strikes = 0

  package init(interval: Duration) { self.interval = interval }

  /// A ping came. Returns false where it is one too many.
  package mutating func receivePing(now: Deadline) -> Bool {
    defer { last = now }
    guard let last, now < last.advanced(by: interval) else { return true }
    strikes += 1
    return strikes <= Self.forgiven
  }

  /// Something of a call was sent.
  package mutating func noteOutput() {
    last = nil
    strikes = 0
  }
}
