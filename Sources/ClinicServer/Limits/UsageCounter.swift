/// What one caller used today, on all servers as far as this one knows, and what this one has yet
/// to tell the others.
package struct UsageCounter: Sendable, Hashable {
  /// Usage of one day.
  package struct Share: Sendable, Hashable {
    package var day: Int32
    package var charge: Charge
  }

  /// The days since 1970.
  package private(set) var day: Int32 = 0
  /// The day's total in the database, when it was last asked.
  private var known = Charge.zero
  /// On its way to the database.
  private var sending = Charge.zero
  /// Not sent.
  private var pending = Charge.zero
  /// Of days that are over, and not sent.
  private var late: [Share] = []

  package init() {}

  /// The day's usage.
  package func total(on day: Int32) -> Charge {
    day == self.day ? known + sending + pending : .zero
  }

  /// Adds to a day. Returns whether there was nothing to tell before.
  package mutating func add(_ charge: Charge, on day: Int32) -> Bool {
    let wasIdle = pending == .zero && late.isEmpty
    move(to: day)
    pending += charge
    return wasIdle
  }

  /// The database has this total for a day, with what was sent.
  package mutating func learn(_ total: Charge, on day: Int32) {
    move(to: day)
    if day == self.day { known = total }
  }

  /// What is to be told: it counts as on its way.
  package mutating func take() -> [Share] {
    var shares = late
    late = []
    if pending != .zero {
      shares.append(Share(day: day, charge: pending))
      sending += pending
      pending = .zero
    }
    return shares
  }

  /// It arrived; the totals are learnt apart from it.
  package mutating func confirm(_ shares: [Share]) {
    for share in shares where share.day == day { settle(share.charge) }
  }

  /// It did not arrive.
  package mutating func restore(_ shares: [Share]) {
    for share in shares {
      if share.day == day {
        settle(share.charge)
        pending += share.charge
      } else {
        late.append(share)
      }
    }
  }

  private mutating func settle(_ charge: Charge) {
    sending = Charge(calls: sending.calls - charge.calls, cost: sending.cost - charge.cost)
  }

  /// Begins a new day. A clock that goes back does not bring the old one back.
  private mutating func move(to day: Int32) {
    guard day > self.day else { return }
    if pending != .zero { late.append(Share(day: self.day, charge: pending)) }
    self.day = day
    (known, sending, pending) = (.zero, .zero, .zero)
  }
}
