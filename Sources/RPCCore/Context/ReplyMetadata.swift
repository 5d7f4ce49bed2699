internal import Synchronization

/// What a handler says beside its replies, and how they cross the wire.
///
/// Shared by a call's handler and its transport. The framed transport has no headers of a reply:
/// there they come first among the trailers.
public final class ReplyMetadata: Sendable {
  /// Whether replies are compressed, on transports that can.
  public enum Compression: Sendable {
    /// As the caller asked, where it pays.
    case automatic
    /// Wherever the caller can read it.
    case always
    /// Not at all.
    case never
  }

  private struct State {
    var headers = Metadata()
    var trailers = Metadata()
    var compression = Compression.automatic
    var isRequestCompressed = false
    var isReadNoted = false
  }

  private let state = Mutex(State())

  /// Makes metadata without entries.
  public init() {}

  /// Named values that go ahead of the first reply. What is added after it is not sent.
  public var headers: Metadata { state.withLock { $0.headers } }

  /// Named values that go with the end of the call.
  public var trailers: Metadata { state.withLock { $0.trailers } }

  /// Adds a named value that goes ahead of the first reply.
  public func addHeader(_ entry: Metadata.Entry) { state.withLock { $0.headers.add(entry) } }

  /// Adds a named value that goes with the end of the call.
  public func addTrailer(_ entry: Metadata.Entry) { state.withLock { $0.trailers.add(entry) } }

  /// Whether the replies from now on are compressed.
  public var compression: Compression {
    get { state.withLock { $0.compression } }
    set { state.withLock { $0.compression = newValue } }
  }

  /// Whether the last request that was read came compressed.
  public var isRequestCompressed: Bool { state.withLock { $0.isRequestCompressed } }

  /// Whether the handler itself noted which records the replies tell of.
  package var isReadNoted: Bool {
    get { state.withLock { $0.isReadNoted } }
    set { state.withLock { $0.isReadNoted = newValue } }
  }

  /// Tells the caller of a method that a later version may not have.
  package func announceDeprecation() {
    state.withLock { _ = $0.trailers.add("true", for: "deprecation") }
  }

  /// Notes how a request came.
  package func noteRequest(isCompressed: Bool) {
    state.withLock { $0.isRequestCompressed = isCompressed }
  }
}
