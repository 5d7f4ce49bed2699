public import ProtobufRuntime

/// Sends the replies of a call. The replies end when the handler returns.
public struct ResponseWriter<Element: Message>: Sendable {
  private let sink: any MessageSink
  private let meter: (any MessageMeter)?

  package init(sink: any MessageSink, meter: (any MessageMeter)? = nil) {
    self.sink = sink
    self.meter = meter
  }

  /// Sends a reply, waiting while the caller has not granted credit. Throws when the call has
  /// ended, by its deadline or its caller.
  public func write(_ message: Element) async throws {
    guard let meter else { return try await sink.send(message) }
    meter.giveTurnBack()
    try await meter.count()
    try await sink.send(message)
    try await meter.takeTurn()
  }

  /// Sends replies in order.
  public func write(contentsOf messages: some Sequence<Element>) async throws {
    for message in messages { try await write(message) }
  }
}
