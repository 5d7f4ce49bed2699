internal import NIOCore
internal import RPCCore
internal import Synchronization

/// The open connections of a server, counted in all and for each address.
final class ServerConnections: Sendable {
  private struct State {
    /// The address is nil until a balancer has said whose connection it is.
    var channels: [ObjectIdentifier: (channel: any Channel, address: String?)] = [:]
    var addresses: [String: Int] = [:]
    var isDraining = false
    var waiting: [UnsafeContinuation<Void, Never>] = []

    /// Counts one more connection of an address, if it may have one.
    mutating func count(_ address: String, limit: Int) -> Bool {
      guard addresses[address, default: 0] < limit else { return false }
      addresses[address, default: 0] += 1
      return true
    }
  }

  private let limits: ServerLimits
  private let state = Mutex(State())

  init(limits: ServerLimits) { self.limits = limits }

  /// How many connections are open.
  var count: Int { state.withLock { $0.channels.count } }

  /// Takes in a new connection, unless the limits or the end of the server forbid it. `address` is
  /// nil for a balancer's, see ``assign(_:to:)``.
  func admit(_ channel: any Channel, from address: String?) -> Bool {
    let isAdmitted = state.withLock { state in
      guard !state.isDraining, state.channels.count < limits.connections,
        address.map({ state.count($0, limit: limits.connectionsPerAddress) }) != false
      else { return false }
      state.channels[ObjectIdentifier(channel)] = (channel, address)
      return true
    }
    if isAdmitted {
      channel.closeFuture.whenComplete { [self] _ in remove(channel) }
    }
    return isAdmitted
  }

  /// A balancer said whose connection it passes on. Returns whether that address may have another.
  func assign(_ channel: any Channel, to address: String) -> Bool {
    state.withLock { state in
      guard state.channels[ObjectIdentifier(channel)] != nil,
        state.count(address, limit: limits.connectionsPerAddress)
      else { return false }
      state.channels[ObjectIdentifier(channel)]?.address = address
      return true
    }
  }

  /// Has every connection announce its end, and takes in no more.
  func drain() {
    let channels = state.withLock { state in
      state.isDraining = true
      return state.channels.values.map(\.channel)
    }
    for channel in channels {
      channel.pipeline.fireUserInboundEventTriggered(ConnectionDrainEvent())
    }
  }

  /// Closes every connection, whatever its calls do.
  func closeAll() {
    let channels = state.withLock { $0.channels.values.map(\.channel) }
    for channel in channels { channel.close(promise: nil) }
  }

  /// Returns when no connection is open.
  func waitUntilEmpty() async {
    await withUnsafeContinuation { continuation in
      let isEmpty = state.withLock { state in
        if !state.channels.isEmpty { state.waiting.append(continuation) }
        return state.channels.isEmpty
      }
      if isEmpty { continuation.resume() }
    }
  }

  private func remove(_ channel: any Channel) {
    let waiting = state.withLock { state -> [UnsafeContinuation<Void, Never>] in
      guard let entry = state.channels.removeValue(forKey: ObjectIdentifier(channel)) else {
        return []
      }
      if let address = entry.address {
        let left = state.addresses[address, default: 1] - 1
        state.addresses[address] = left == 0 ? nil : left
      }
      guard state.channels.isEmpty else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
