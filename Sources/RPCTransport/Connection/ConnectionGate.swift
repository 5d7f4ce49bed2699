internal import NIOCore
internal import RPCCore

/// Stops the reading from a channel, by a count of those who want it stopped.
///
/// Sendable without a lock: touched on its channel's event loop only, which it hops to.
final class ConnectionGate: ReadingGate, @unchecked Sendable {
  /// The longest time without reading.
  private static let longest = TimeAmount.milliseconds(50)

  private weak var channel: (any Channel)?
  private let eventLoop: any EventLoop
  private var closers = 0
  private var isReading = true
  private var timer: Scheduled<Void>?

  init(channel: any Channel) {
    self.channel = channel
    self.eventLoop = channel.eventLoop
  }

  func close() {
    eventLoop.runNow { [self] in
      closers += 1
      guard closers == 1 else { return }
      setReading(false)
      timer = eventLoop.scheduleTask(in: Self.longest) { [weak self] in self?.setReading(true) }
    }
  }

  func open() {
    eventLoop.runNow { [self] in
      closers -= 1
      guard closers == 0 else { return }
      timer?.cancel()
      timer = nil
      setReading(true)
    }
  }

  /// Stops the reading for a while.
  func close(until end: Deadline) {
    close()
    eventLoop.scheduleTask(deadline: .uptimeNanoseconds(end.uptimeNanoseconds)) { [weak self] in
      self?.open()
    }
  }

  private func setReading(_ reads: Bool) {
    guard reads != isReading else { return }
    isReading = reads
    try? channel?.syncOptions?.setOption(ChannelOptions.autoRead, value: reads)
  }
}
