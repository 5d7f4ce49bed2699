internal import NIOCore
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

/// Stops reading from a connection for as long as its state machine says.
///
/// Sendable without a lock: touched on its channel's event loop only.
final class RefusalBrake: @unchecked Sendable {
  private var machine = RefusalBrakeStateMachine()

  /// A call on the connection ended with this error.
  func note(_ failure: RPCError?, on channel: (any Channel)?) {
    guard failure?.code == .resourceExhausted, let channel,
      let until = machine.refuse(at: .now)
    else { return }
    let options = channel.syncOptions
    try? options?.setOption(ChannelOptions.autoRead, value: false)
    channel.eventLoop.scheduleTask(deadline: .uptimeNanoseconds(until.uptimeNanoseconds)) {
      try? channel.syncOptions?.setOption(ChannelOptions.autoRead, value: true)
    }
  }
}
