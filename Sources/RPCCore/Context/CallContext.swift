public import Logging

/// What a handler and the interceptors around it know of a call.
public struct CallContext: Sendable {
  /// What calls with equal headers on one connection share.
  @usableFromInline
  package final class Origin: Sendable {
    @usableFromInline package let method: MethodDescriptor
    @usableFromInline package let peer: PeerInfo
    @usableFromInline package let metadata: Metadata
    @usableFromInline package let authorization: String
    package let logger: Logger

    package init(
      method: MethodDescriptor, peer: PeerInfo, metadata: Metadata, authorization: String,
      logger: Logger
    ) {
      self.method = method
      self.peer = peer
      self.metadata = metadata
      self.authorization = authorization
      self.logger = logger
    }
  }

  @usableFromInline
  package let origin: Origin
  package let requestIdentifier: RequestIdentifier

  /// The moment by which the call ends: the earlier of the caller's and the method's.
  public var deadline: Deadline

  /// What goes beside the replies: a handler adds to it.
  public let reply: ReplyMetadata

  /// Who makes the call, once that is known.
  public var principal: Principal?

  /// Counts the messages of a stream; nil where nobody does.
  package var meter: (any MessageMeter)?

  /// Sees the reply of a unary call; nil where nobody does.
  package var replyObserver: (any ReplyObserver)?

  package init(
    origin: Origin, requestIdentifier: RequestIdentifier, deadline: Deadline,
    principal: Principal? = nil
  ) {
    self.origin = origin
    self.requestIdentifier = requestIdentifier
    self.deadline = deadline
    self.reply = ReplyMetadata()
    self.principal = principal
  }

  /// Makes the context of a call.
  public init(
    method: MethodDescriptor, requestID: String, deadline: Deadline, peer: PeerInfo,
    metadata: Metadata = Metadata(), authorization: String = "", principal: Principal? = nil,
    logger: Logger
  ) {
    self.init(
      origin: Origin(
        method: method, peer: peer, metadata: metadata, authorization: authorization,
        logger: logger),
      requestIdentifier: .given(requestID), deadline: deadline, principal: principal)
  }

  /// The method.
  @inlinable
  public var method: MethodDescriptor { origin.method }

  /// The name of the call in logs and errors: the caller's, or a UUID made up by the server. The
  /// text of a made-up one is made at each reading.
  public var requestID: String { requestIdentifier.text }

  /// The other side of the connection.
  @inlinable
  public var peer: PeerInfo { origin.peer }

  /// Named values that the caller sent.
  @inlinable
  public var metadata: Metadata { origin.metadata }

  /// The access token, without the word Bearer; empty for none.
  @inlinable
  public var authorization: String { origin.authorization }

  /// The server's log, with the method and the request id. Made at each reading: keep it.
  public var logger: Logger {
    var logger = origin.logger
    logger[metadataKey: "method"] = "\(method.path)"
    logger[metadataKey: "request_id"] = "\(requestID)"
    return logger
  }
}
