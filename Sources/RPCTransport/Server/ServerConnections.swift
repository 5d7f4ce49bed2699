internal import NIOCore
internal import RPCCore
internal import Synchronization

/// The open connections of a server, counted in all and for each address.
final class ServerConnections: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: (channel: any Channel, address: String)] = [:]
    var addresses: [String: Int] = [:]
    var isDraining = false
    var waiting: [UnsafeContinuation<Void, Never>] = []
  }

  private let limits: ServerLimits
  private let state = Mutex(State())

  init(limits: ServerLimits) { self.limits = limits }

  /// How many connections are open.
  var count: Int { state.withLock { $0.channels.count } }

  /// Takes in a new connection, unless the limits or the end of the server forbid it.
  func admit(_ channel: any Channel, from address: String) -> Bool {
    let isAdmitted = state.withLock { state in
      guard !state.isDraining, state.channels.count < limits.connections,
        state.addresses[address, default: 0] < limits.connectionsPerAddress
      else { return false }
      state.channels[ObjectIdentifier(channel)] = (channel, address)
      state.addresses[address, default: 0] += 1
      return true
    }
    if isAdmitted {
      channel.closeFuture.whenComplete { [self] _ in remove(channel) }
    }
    return isAdmitted
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
      let left = state.addresses[entry.address, default: 1] - 1
      state.addresses[entry.address] = left == 0 ? nil : left
      guard state.channels.isEmpty else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
