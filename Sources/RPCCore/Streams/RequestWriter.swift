public import ProtobufRuntime

/// Sends the requests of a call.
public struct RequestWriter<Element: Message>: Sendable {
  private let sink: any MessageSink

  package init(sink: any MessageSink) { self.sink = sink }

  /// Sends a request, waiting while the server has not granted credit. Throws the error of the
  /// call when it has ended.
  public func write(_ message: Element) async throws { try await sink.send(message) }

  /// Sends requests in order.
  public func write(contentsOf messages: some Sequence<Element>) async throws {
    for message in messages { try await sink.send(message) }
  }

  /// Says that no request follows.
  public func finish() { sink.finish() }
}
