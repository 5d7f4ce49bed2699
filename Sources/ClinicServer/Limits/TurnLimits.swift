internal import NIOCore

/// How many calls are worked on at once. Streams are not counted: they live for long, and mostly
/// wait.
package struct TurnLimits: Sendable, Hashable {
  /// Calls worked on while one clinic has the server for itself, and the most of one clinic in any
  /// case. 1 to 65,536; 64.
  package let alone: Int

  /// Calls worked on while several clinics call: few, so that a new call meets short queues
  /// everywhere. At least one of each clinic. Of these each clinic has a share, whatever others
  /// have under way. 1 to ``alone``; four for each core, 8 at least.
  package let shared: Int

  /// Calls of one clinic that wait for their turn; further ones are refused. 1 to 1,000,000; 4,096.
  package let waiting: Int

  package init(alone: Int = 64, shared: Int? = nil, waiting: Int = 4_096) {
    self.alone = min(max(alone, 1), 65_536)
    self.shared = min(max(shared ?? max(8, 4 * System.coreCount), 1), self.alone)
    self.waiting = min(max(waiting, 1), 1_000_000)
  }
}

extension TurnLimits {
  /// What streams work on: a page of records at a time keeps a core busy for milliseconds, so half
  /// of the cores do.
  static var streams: TurnLimits {
    let places = max(1, System.coreCount / 2)
    return TurnLimits(alone: places, shared: places, waiting: 65_536)
  }
}

extension TurnLimits: CustomStringConvertible {
  package var description: String { "\(alone)/\(shared)/\(waiting)" }
}
