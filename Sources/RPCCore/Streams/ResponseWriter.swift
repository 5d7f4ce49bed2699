public import ProtobufRuntime

/// Sends the replies of a call. The replies end when the handler returns.
public struct ResponseWriter<Element: Message>: Sendable {
  private let sink: any MessageSink

  package init(sink: any MessageSink) { self.sink = sink }

  /// Sends a reply, waiting while the caller has not granted credit. Throws when the call has
  /// ended, by its deadline or its caller.
  public func write(_ message: Element) async throws { try await sink.send(message) }

  /// Sends replies in order.
  public func write(contentsOf messages: some Sequence<Element>) async throws {
    for message in messages { try await sink.send(message) }
  }
}
