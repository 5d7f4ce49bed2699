/// How many messages each side of a call sends.
public enum CallKind: Sendable, Hashable, CaseIterable {
  /// One request, one reply.
  case unary
  /// One request, any number of replies.
  case serverStreaming
  /// Any number of requests, one reply.
  case clientStreaming
  /// Any number of both, in any order.
  case bidirectional

  /// Whether the caller may send any number of requests.
  @inlinable
  public var streamsRequests: Bool { self == .clientStreaming || self == .bidirectional }

  /// Whether the server may send any number of replies.
  @inlinable
  public var streamsResponses: Bool { self == .serverStreaming || self == .bidirectional }
}
