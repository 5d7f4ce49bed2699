internal import Logging
internal import NIOCore
internal import RPCCore
internal import Synchronization

/// Writes a line for what is refused before there is a call, with address and reason, as far as
/// ``RefusalLogStateMachine`` lets it; all the rest at the debug level. One for all connections of a
/// server.
final class RefusalLog: Sendable {
  private let logger: Logger
  private let machine = Mutex(RefusalLogStateMachine())

  init(logger: Logger) { self.logger = logger }

  /// Says why a connection is refused or ended. The reason is in the server's words: it holds
  /// nothing that the other side made up.
  func note(_ reason: String, from address: String, over transport: String? = nil) {
    var metadata: Logger.Metadata = ["address": "\(address)", "reason": "\(reason)"]
    if let transport { metadata["protocol"] = "\(transport)" }
    let leftOff = machine.withLock { $0.note(address, now: .now) }
    if let leftOff, leftOff > 0 { metadata["left_off"] = "\(leftOff)" }
    logger.log(level: leftOff == nil ? .debug : .notice, "connection refused", metadata: metadata)
  }

  /// Says what a connection failed of. That it just ended is no news.
  func note(_ error: any Error, from address: String, over transport: String? = nil) {
    switch error {
    case let error as TLSError where error.code != .truncated && error.code != .closed:
      note("\(error)", from: address, over: transport)
    case is TLSError, is IOError, is ChannelError:
      logger.debug(
        "connection failed",
        metadata: ["address": "\(address)", "error": "\(type(of: error))"])
    default:
      note("\(type(of: error))", from: address, over: transport)
    }
  }
}
