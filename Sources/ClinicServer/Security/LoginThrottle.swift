/// How long a login has to wait after failed ones: for each account, for each network address that
/// logs in to a clinic, and for each address in all. The more failures, the longer; a quiet while
/// forgets them all.
///
/// Pure arithmetic; who counts the failures, and where, is decided elsewhere. Accounts that do not
/// exist are to be counted like those that do, so that nobody learns which exist.
package enum LoginThrottle {
  /// What is counted.
  package enum Kind: Sendable, Hashable, CaseIterable {
    /// A clinic and login name.
    case account
    /// A clinic's name and a network address, which all of the clinic's people may share.
    case place
    /// A network address. Many clinics may share one, where a company or a carrier stands between:
    /// one of them must not lock out the others by a few mistakes.
    case address

    /// How many failures cost nothing.
    package var freeFailures: Int {
      switch self {
      case .account: 5
      case .place: 20
      case .address: 200
      }
    }

    /// Failures are forgotten after as long without a new one.
    package var memory: Duration {
      switch self {
      case .account, .place: .seconds(86_400)
      case .address: .seconds(3_600)
      }
    }
  }

  /// The wait after the first failure that costs; each one after doubles it.
  package static let firstWait = Duration.seconds(5)

  /// The longest wait. Not for ever, or anybody could lock out anybody.
  package static let longestWait = Duration.seconds(900)

  /// How long the next attempt still has to wait.
  ///
  /// - Parameters:
  ///   - kind: what was counted.
  ///   - failures: how many failures without a success or a quiet while in between.
  ///   - sinceLast: the time since the last of them. Below zero counts as zero: clocks differ.
  /// - Returns: zero where it may go ahead.
  package static func delay(kind: Kind, failures: Int, sinceLast: Duration) -> Duration {
    guard sinceLast < kind.memory else { return .zero }
    return max(.zero, wait(kind: kind, failures: failures) - max(.zero, sinceLast))
  }

  /// The whole wait after a number of failures.
  static func wait(kind: Kind, failures: Int) -> Duration {
    let costly = failures - kind.freeFailures
    guard costly > 0 else { return .zero }
    var wait = firstWait
    for _ in 1..<min(costly, 64) where wait < longestWait { wait *= 2 }
    return min(wait, longestWait)
  }
}
