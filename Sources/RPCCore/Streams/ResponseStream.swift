public import ProtobufRuntime

/// The replies of a call, in order, as its caller reads them. Reading grants the server credit to
/// send more. The sequence throws the ``RPCError`` that the call ends with. One reader at a time.
public struct ResponseStream<Element: Message>: AsyncSequence, Sendable {
  private let source: any MessageSource

  package init(source: any MessageSource) { self.source = source }

  /// The next reply, or nil after the last.
  public func next() async throws -> Element? { try await source.receive(Element.self) }

  /// Reads the replies.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let stream: ResponseStream

    /// The next reply, or nil after the last.
    public mutating func next() async throws -> Element? { try await stream.next() }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(stream: self) }
}
