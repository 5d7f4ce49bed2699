package import RPCCore

/// Decides which refusals are worth a line of the log: whoever makes them must not be able to fill
/// a disk. So many lines in a minute, in all and for each address; the next line after some were
/// left off tells how many.
package struct RefusalLogStateMachine: Sendable {
  /// Lines of one address in a minute.
  package static let linesOfAddress = 5
  /// Lines in a minute, of all addresses. Bounds the memory too: only who has a line is remembered.
  package static let lines = 60
  private static let span = Duration.seconds(60)

  private var end = Deadline(uptimeNanoseconds: 0)
  private var written: [String: Int] = [:]
  private var total = 0
  private var leftOff = 0

  package init() {}

  /// An address is refused. Returns how many lines were left off since the last one, or nil where
  /// this one is left off too.
  package mutating func note(_ address: String, now: Deadline) -> Int? {
    if now >= end {
      end = now.advanced(by: Self.span)
      written = [:]
      total = 0
    }
    guard total < Self.lines, written[address, default: 0] < Self.linesOfAddress else {
      leftOff += 1
      return nil
    }
    total += 1
    written[address, default: 0] += 1
    defer { leftOff = 0 }
    return leftOff
  }
}
