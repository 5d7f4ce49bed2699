/// What one caller may ask for: nil where nothing limits it.
package struct CallLimits: Sendable, Hashable {
  /// Calls in a second, on each server.
  package var calls: RateLimit?
  /// Cost in a second, on each server.
  package var cost: RateLimit?
  /// Calls in a day (UTC), on all servers together.
  package var callsPerDay: Int?
  /// Cost in a day (UTC), on all servers together.
  package var costPerDay: Int?

  package init(
    calls: RateLimit? = nil, cost: RateLimit? = nil, callsPerDay: Int? = nil,
    costPerDay: Int? = nil
  ) {
    self.calls = calls
    self.cost = cost
    self.callsPerDay = callsPerDay
    self.costPerDay = costPerDay
  }

  /// What is limited, as a setting and an error name it.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case calls, cost
    case callsPerDay = "day-calls"
    case costPerDay = "day-cost"
  }
}

extension CallLimits {
  /// The lower one of each limit of two callers that are one.
  package func lowered(to other: CallLimits) -> CallLimits {
    func lower<Limit>(_ path: KeyPath<CallLimits, Limit?>, by least: (Limit, Limit) -> Limit)
      -> Limit?
    {
      guard let one = self[keyPath: path], let two = other[keyPath: path] else {
        return self[keyPath: path] ?? other[keyPath: path]
      }
      return least(one, two)
    }
    return CallLimits(
      calls: lower(\.calls) { $0.lowered(to: $1) }, cost: lower(\.cost) { $0.lowered(to: $1) },
      callsPerDay: lower(\.callsPerDay, by: min), costPerDay: lower(\.costPerDay, by: min))
  }
}

extension CallLimits: CustomStringConvertible {
  /// As ``init(_:)`` reads it: `calls=100/1000,day-cost=50000`.
  package var description: String {
    let parts = [
      calls.map { "calls=\($0)" }, cost.map { "cost=\($0)" },
      callsPerDay.map { "day-calls=\($0)" }, costPerDay.map { "day-cost=\($0)" }
    ].compactMap(\.self)
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }

  /// Reads `calls=PER_SECOND[/BURST],cost=PER_SECOND[/BURST],day-calls=COUNT,day-cost=COUNT`, any
  /// part of it, or `none`. Nil for anything else.
  package init?(_ text: String) {
    self.init()
    if text == "none" { return }
    var seen: Set<Kind> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", omittingEmptySubsequences: false)
      guard pair.count == 2, let kind = Kind(rawValue: String(pair[0])), seen.insert(kind).inserted
      else { return nil }
      let numbers = pair[1].split(separator: "/", omittingEmptySubsequences: false).map {
        Int($0).flatMap { (1...Self.greatest).contains($0) ? $0 : nil }
      }
      guard let first = numbers[0], numbers.count == 1 || numbers[1] != nil else { return nil }
      switch kind {
      case .calls where numbers.count <= 2:
        calls = RateLimit(perSecond: first, burst: numbers.count == 2 ? numbers[1] : nil)
      case .cost where numbers.count <= 2:
        cost = RateLimit(perSecond: first, burst: numbers.count == 2 ? numbers[1] : nil)
      case .callsPerDay where numbers.count == 1: callsPerDay = first
      case .costPerDay where numbers.count == 1: costPerDay = first
      default: return nil
      }
    }
  }

  /// The greatest number of a limit.
  package static let greatest = 1_000_000_000_000
}

/// What is in force for one clinic.
package struct ClinicLimits: Sendable, Hashable {
  /// The clinic, all its callers together.
  package var clinic: CallLimits
  /// Each account of its staff, and each API key.
  package var account: CallLimits
  /// Its share where clinics take turns: twice the weight, twice the turns. 1 to 100.
  package var weight: Int

  package init(clinic: CallLimits, account: CallLimits, weight: Int = 1) {
    self.clinic = clinic
    self.account = account
    self.weight = weight
  }
}
