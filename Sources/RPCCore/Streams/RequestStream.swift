public import ProtobufRuntime

/// The requests of a call, in order, as its handler reads them. Each is decoded and validated when
/// it is read; reading grants the caller credit to send more. One reader at a time.
public struct RequestStream<Element: Message>: AsyncSequence, Sendable {
  private let source: any MessageSource
  private let validates: Bool
  private let meter: (any MessageMeter)?

  package init(
    source: any MessageSource, validates: Bool = true, meter: (any MessageMeter)? = nil
  ) {
    self.source = source
    self.validates = validates
    self.meter = meter
  }

  /// The next request, or nil after the last.
  public func next() async throws -> Element? {
    meter?.giveTurnBack()
    guard let message = try await source.receive(Element.self) else { return nil }
    if let meter {
      try await meter.count()
      try await meter.takeTurn()
    }
    if validates { try message.checkRules() }
    return message
  }

  /// Reads the requests.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let stream: RequestStream

    /// The next request, or nil after the last.
    public mutating func next() async throws -> Element? { try await stream.next() }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(stream: self) }
}
