internal import NIOCore
internal import NIOHTTP1
package import NIOPosix
internal import RPCCore

/// Posts to other people's servers. Of an answer it wants the status alone, and follows no redirect.
///
/// The name is looked up first, and the connection is made to an address that was checked, so that a
/// name that stands for something else a moment later leads nowhere.
package final class HTTPPoster: Sendable {
  /// Whom the poster trusts, and where it posts to.
  package struct Configuration: Sendable {
    /// The authorities of the servers' certificates.
    package var trust = TLSTrust.system
    /// Whether addresses that are not on the public internet are posted to.
    package var allowsPrivateAddresses = false

    package init() {}
  }

  private let configuration: Configuration
  private let context: TLSClientContext
  private let lookup = HostLookup()
  private let group: MultiThreadedEventLoopGroup

  /// - Throws: ``TLSError`` where the authorities cannot be read.
  package init(
    _ configuration: Configuration, group: MultiThreadedEventLoopGroup
  ) throws(TLSError) {
    self.configuration = configuration
    self.group = group
    context = try TLSClientContext(
      TLSClientConfiguration(
        trust: configuration.trust, applicationProtocols: ["http/1.1"]))
  }

  /// Ends the threads that look up names. To be called once, after the last post.
  package func shutdown() async throws { try await lookup.shutdown() }

  /// Posts, and returns the status of the answer.
  package func post(_ post: HTTPPost) async throws(HTTPPostError) -> Int {
    let exchange = HTTPPostExchange(
      post, context: context, allowsPrivateAddresses: configuration.allowsPrivateAddresses,
      eventLoop: group.next())
    do {
      return try await withTaskCancellationHandler {
        try await exchange.run(lookup).get()
      } onCancel: {
        exchange.cancel()
      }
    } catch {
      throw HTTPPostError(error)
    }
  }
}

extension HTTPPostError {
  /// What an error of the network means.
  init(_ error: any Error) {
    switch error {
    case let error as HTTPPostError: self = error
    case let error as TLSError where error.code == .truncated || error.code == .closed:
      self.init(.connection, "closed before the answer")
    case let error as TLSError where error.code == .handshakeTimedOut: self.init(.timeout)
    case let error as TLSError: self.init(.tls, error.message)
    case HTTPParserError.invalidEOFState: self.init(.connection, "closed before the answer")
    case is HTTPParserError: self.init(.badAnswer)
    case let error as IOError: self.init(.connection, IOErrorText.text(error.errnoCode))
    case ChannelError.connectTimeout: self.init(.timeout)
    default: self.init(.connection)
    }
  }
}
