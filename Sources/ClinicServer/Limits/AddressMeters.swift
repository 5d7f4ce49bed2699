package import RPCCore
internal import RPCTransport
internal import Synchronization

/// An address that calls without credentials: its limits, and its place among those that take
/// turns.
package final class AddressMeter: Sendable {
  let meter: Meter
  /// A login or a health check now and then is no reason to hold a clinic back.
  let lane = Turns.Lane(weight: 1, stays: false)

  init(limits: CallLimits) { meter = Meter(scope: .address, limits: limits) }
}

/// The addresses that call without credentials. Bounded: where too many call at the same time,
/// those that find no room share one meter.
package final class AddressMeters: Sendable {
  private struct State {
    var meters: [String: AddressMeter] = [:]
    /// Not before then is there a point in looking for meters to forget.
    var sweepsAt = Deadline(uptimeNanoseconds: 0)
  }

  private let limits: CallLimits
  private let capacity: Int
  private let common: AddressMeter
  private let state = Mutex(State())

  package init(limits: CallLimits, capacity: Int = 65_536) {
    self.limits = limits
    self.capacity = capacity
    self.common = AddressMeter(limits: limits)
  }

  /// How many addresses have a meter of their own.
  package var count: Int { state.withLock { $0.meters.count } }

  /// The meter of a connection's other side.
  package func meter(of peer: PeerInfo, at now: Deadline) -> AddressMeter {
    if let known = peer.meter.withLock({ $0 }) as? AddressMeter { return known }
    let address = Self.network(peer.address)
    let meter = state.withLock { state in
      if let known = state.meters[address] { return known }
      if state.meters.count >= capacity, now >= state.sweepsAt {
        state.sweepsAt = now.advanced(by: .seconds(1))
        state.meters = state.meters.filter { !$0.value.meter.isUntouched(at: now) }
      }
      guard state.meters.count < capacity else { return common }
      let meter = AddressMeter(limits: limits)
      state.meters[address] = meter
      return meter
    }
    if meter !== common { peer.meter.withLock { $0 = meter } }
    return meter
  }

  /// One household or office is one network: of an IPv6 address, the first 64 bits, however it is
  /// written. An address of IPv4 in IPv6's form is that of IPv4.
  static func network(_ address: String) -> String {
    guard let octets = InternetAddress.peerOctets(of: address) else { return address }
    guard octets.count == 16 else { return octets.map(String.init).joined(separator: ".") }
    return octets.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
