package import NIOCore
package import RPCCore

/// What a server does with one HTTP request that may be a call: gRPC or Connect, over HTTP/2 or
/// HTTP/1.1. Knows no sockets: requests go in as heads and bytes, responses come out as parts.
package struct HTTPCallStateMachine: Sendable {
  private enum RequestState {
    /// The head has not come.
    case idle
    /// More of the body may come.
    case open
    /// The body is whole.
    case ended
    /// What comes is dropped.
    case dropped
  }

  private enum ResponseState {
    case none
    case begun
    case ended
  }

  let messageLimit: Int
  private let metadataLimit: Int
  private let origins: WebOrigins

  private var requestState = RequestState.idle
  private var responseState = ResponseState.none
  /// How the call is written; nil before the head.
  package private(set) var dialect: CallDialect?
  private var opening: HTTPCallOpening?
  private var kind = CallKind.unary
  /// Fields of every response for the web page that asks.
  private var webFields = HTTPFields()

  private var envelopes: EnvelopeDecoder
  /// A body that is one message.
  private var wholeBody = ByteBuffer()
  private var requestCount = 0
  private var isBodyWhole = false
  private var isRequestComplete = false
  /// The one reply of a unary call in Connect's form: its trailers stand before it.
  private var heldReply: (bytes: ByteBuffer, isCompressed: Bool)?
  private var encodesReplies = false
  /// Of a page: whether the head alone is wanted, and which states of it the caller has.
  private var isHeadWanted = false
  private var condition: String?

  package init(limits: ServerLimits, origins: WebOrigins = .none) {
    messageLimit = limits.messageBytes
    metadataLimit = limits.metadataEntries
    self.origins = origins
    envelopes = EnvelopeDecoder(limit: limits.messageBytes)
  }

  // MARK: Request

  /// What to do with the head of a request.
  package enum OnHead: Sendable {
    /// Find the method and call ``open(_:)``, or end the call.
    case open(CallOpening)
    /// Send this; there is no call.
    case respond([HTTPPart])
    /// End the call with an error.
    case refuse(RPCError)
  }

  /// The head came.
  package mutating func receiveHead(_ head: HTTPCallHead) -> OnHead {
    requestState = .open
    webFields = origins.fields(for: head)
    if let answer = origins.preflight(head) { return .respond(only(answer.status, answer.fields)) }
    guard head.method == "POST" else { return .respond(only(405, ["allow": "POST"])) }
    guard let dialect = head.fields["content-type"].flatMap(CallDialect.init) else {
      return .respond(only(415, ["accept-post": CallDialect.acceptedTypes()]))
    }
    guard dialect.form != .grpc || head.isHTTP2 else { return .respond(only(505, [:])) }
    self.dialect = dialect
    do throws(RPCError) {
      let opening = try HTTPCallOpening(head, dialect: dialect, metadataLimit: metadataLimit)
      self.opening = opening
      return .open(opening.call)
    } catch {
      return .refuse(error)
    }
  }

  /// The fields of requests for pages that mean something.
  private static let pageFields: Set<String> = ["accept-encoding", EntityTag.condition, "origin"]

  /// The head of a request for a page came. Nothing of it is taken for a part of a call but what
  /// pages know.
  package mutating func receiveHead(_ head: HTTPCallHead, for page: Page) -> OnHead {
    requestState = .open
    webFields = origins.fields(for: head)
    guard head.method == "GET" || head.method == "HEAD" else {
      return .respond(only(405, ["allow": "GET, HEAD"]))
    }
    let dialect = CallDialect(page: page.contentType)
    self.dialect = dialect
    isHeadWanted = head.method == "HEAD"
    condition = head.fields[EntityTag.condition]
    var fields = HTTPFields()
    for field in head.fields.all where Self.pageFields.contains(field.name) {
      fields.add(field.name, field.value)
    }
    let call = HTTPCallHead(
      method: head.method, path: page.method.path, fields: fields, isHTTP2: head.isHTTP2)
    do throws(RPCError) {
      let opening = try HTTPCallOpening(call, dialect: dialect, metadataLimit: metadataLimit)
      self.opening = opening
      return .open(opening.call)
    } catch {
      return .refuse(error)
    }
  }

  /// The method is known. Returns what to answer where it cannot be called in this dialect.
  package mutating func open(_ kind: CallKind) -> [HTTPPart]? {
    guard let dialect, dialect.carries(kind) else {
      return only(415, ["accept-post": CallDialect.acceptedTypes(for: kind)])
    }
    self.kind = kind
    return nil
  }

  /// Bytes that wait here.
  package var keptBytes: Int { envelopes.keptBytes + wholeBody.readableBytes }

  /// Bytes of the body came.
  package mutating func receiveBody(_ bytes: ByteBuffer) {
    guard requestState == .open, bytes.readableBytes > 0 else { return }
    if dialect?.form == .unary || dialect?.form == .page {
      if wholeBody.readableBytes == 0 {
        wholeBody = bytes.detached()
      } else {
        wholeBody.writeImmutableBuffer(bytes)
      }
    } else {
      envelopes.append(bytes)
    }
  }

  /// The body is whole.
  package mutating func receiveEnd() {
    isBodyWhole = true
    if requestState == .open { requestState = .ended }
  }

  /// What the body has for the call.
  package enum OnRequest: Sendable {
    /// Nothing yet.
    case wait
    /// A request.
    case message(ByteBuffer, isCompressed: Bool)
    /// The one request of the call has come before: call the handler.
    case start
    /// No request follows.
    case end
    /// End the call with an error.
    case refuse(RPCError)
  }

  /// The next thing that the body has for the call.
  package mutating func nextRequest() -> OnRequest {
    guard requestState == .open || requestState == .ended, !isRequestComplete else { return .wait }
    do throws(RPCError) {
      if let (bytes, isCompressed) = try nextMessage() {
        requestCount += 1
        if !kind.streamsRequests, requestCount > 1 {
          throw .invalidArgument(
            ServerCallStateMachine.RefusedRequest.second.rawValue, reason: "REQUEST_COUNT")
        }
        return .message(
          isCompressed ? try Gzip.decompress(bytes, limit: messageLimit) : bytes,
          isCompressed: isCompressed)
      }
      guard requestState == .ended else { return .wait }
      guard keptBytes == 0 else {
        throw .invalidArgument("The body ends within a message", reason: "TRUNCATED_MESSAGE")
      }
      isRequestComplete = true
      if kind.streamsRequests { return .end }
      guard requestCount == 1 else {
        throw .invalidArgument(
          ServerCallStateMachine.RefusedRequest.missing.rawValue, reason: "REQUEST_COUNT")
      }
      return .start
    } catch {
      requestState = .dropped
      return .refuse(error)
    }
  }

  private mutating func nextMessage() throws(RPCError) -> (ByteBuffer, isCompressed: Bool)? {
    guard let opening, let dialect else { return nil }
    if dialect.form == .unary || dialect.form == .page {
      guard wholeBody.readableBytes <= messageLimit else {
        throw .bodyTooLarge(wholeBody.readableBytes, limit: messageLimit)
      }
      guard requestState == .ended, requestCount == 0 else { return nil }
      defer { wholeBody = ByteBuffer() }
      return (wholeBody, opening.compressesRequests && wholeBody.readableBytes > 0)
    }
    guard let (flags, bytes) = try envelopes.next() else { return nil }
    guard flags & ~EnvelopeDecoder.compressedFlag == 0 else {
      throw .invalidArgument("A message has unknown flags", reason: "MALFORMED_MESSAGE")
    }
    let isCompressed = flags == EnvelopeDecoder.compressedFlag
    guard !isCompressed || opening.compressesRequests else {
      throw RPCError(
        code: .internal, message: "A message is compressed, and no header says how")
    }
    return (bytes, isCompressed)
  }

  // MARK: Response

  /// Whether the response is whole, or the caller gone.
  package var isEnded: Bool { responseState == .ended }

  /// Whether a reply of this size is to be compressed.
  package func compresses(_ bytes: Int, _ wish: ReplyMetadata.Compression) -> Bool {
    guard let opening, opening.acceptsGzip, responseState == .none || encodesReplies else {
      return false
    }
    switch wish {
    case .always: return true
    case .never: return false
    case .automatic:
      return bytes >= 1_024 && (dialect?.form != .grpc || opening.compressesRequests)
    }
  }

  /// A reply is sent: its bytes as they cross the wire.
  package mutating func reply(
    _ bytes: ByteBuffer, isCompressed: Bool, beside metadata: ReplyMetadata
  ) -> [HTTPPart] {
    guard let dialect, !isEnded else { return [] }
    if dialect.form == .unary || dialect.form == .page {
      heldReply = (bytes, isCompressed)
      return []
    }
    var parts = begin(dialect, metadata)
    var envelope = ByteBuffer()
    envelope.reserveCapacity(EnvelopeDecoder.headerSize + bytes.readableBytes)
    envelope.writeInteger(isCompressed ? EnvelopeDecoder.compressedFlag : 0)
    envelope.writeInteger(UInt32(bytes.readableBytes))
    envelope.writeImmutableBuffer(bytes)
    parts.append(.body(envelope, isLast: false))
    return parts
  }

  private mutating func begin(_ dialect: CallDialect, _ metadata: ReplyMetadata) -> [HTTPPart] {
    guard responseState == .none else { return [] }
    responseState = .begun
    var fields = head(dialect)
    encodesReplies = opening?.acceptsGzip == true
    if encodesReplies {
      fields.add(dialect.form == .grpc ? "grpc-encoding" : "connect-content-encoding", "gzip")
    }
    fields.add(metadata.headers)
    return [.head(status: 200, fields: fields, isLast: false)]
  }

  private func head(_ dialect: CallDialect) -> HTTPFields {
    var fields = HTTPFields()
    fields.add("content-type", dialect.contentType)
    switch dialect.form {
    case .grpc: fields.add("grpc-accept-encoding", "identity, gzip")
    case .stream: fields.add("connect-accept-encoding", "gzip")
    case .unary: fields.add("accept-encoding", "gzip")
    case .page: fields.add("vary", "accept-encoding")
    }
    for field in webFields.all { fields.add(field.name, field.value) }
    return fields
  }

  /// The call ends, with an error or without.
  package mutating func end(
    _ error: RPCError?, beside metadata: ReplyMetadata = ReplyMetadata()
  ) -> [HTTPPart] {
    guard let dialect, !isEnded else { return [] }
    var parts: [HTTPPart]
    switch dialect.form {
    case .grpc: parts = endGRPC(dialect, error, metadata)
    case .stream: parts = endStream(dialect, error, metadata)
    case .unary: parts = endUnary(dialect, error, metadata)
    case .page: parts = endPage(dialect, error, metadata)
    }
    return finish(&parts)
  }

  /// The caller is gone: nothing is sent any more.
  package mutating func lose() {
    requestState = .dropped
    responseState = .ended
  }

  private mutating func finish(_ parts: inout [HTTPPart]) -> [HTTPPart] {
    if !isBodyWhole { parts.append(.stopRequest) }
    requestState = .dropped
    responseState = .ended
    envelopes = EnvelopeDecoder(limit: messageLimit)
    wholeBody = ByteBuffer()
    heldReply = nil
    return parts
  }

  private mutating func endGRPC(
    _ dialect: CallDialect, _ error: RPCError?, _ metadata: ReplyMetadata
  ) -> [HTTPPart] {
    var trailers = GRPCStatus.fields(error)
    trailers.add(metadata.trailers)
    if responseState == .begun { return [.trailers(trailers)] }
    if error == nil, kind.streamsResponses {
      return begin(dialect, metadata) + [.trailers(trailers)]
    }
    // Trailers only: one header block is head and end.
    var fields = head(dialect)
    fields.add(metadata.headers)
    for field in trailers.all { fields.add(field.name, field.value) }
    return [.head(status: 200, fields: fields, isLast: true)]
  }

  private mutating func endStream(
    _ dialect: CallDialect, _ error: RPCError?, _ metadata: ReplyMetadata
  ) -> [HTTPPart] {
    var end = metadata.trailers
    if let id = error?.requestID { end.add(id, for: "x-request-id") }
    let text = EndOfStream(error: error, trailers: end).jsonBytes()
    var envelope = ByteBuffer()
    envelope.writeInteger(EnvelopeDecoder.endFlag)
    envelope.writeInteger(UInt32(text.count))
    envelope.writeBytes(text)
    return begin(dialect, metadata) + [.body(envelope, isLast: true)]
  }

  private mutating func endUnary(
    _ dialect: CallDialect, _ error: RPCError?, _ metadata: ReplyMetadata
  ) -> [HTTPPart] {
    var fields = HTTPFields()
    var body = ByteBuffer()
    var status = 200
    if let error {
      status = ConnectStatus.http(error.code)
      body.writeBytes(ErrorReply(error).jsonBytes())
      fields.add("content-type", "application/json")
      if let id = error.requestID { fields.add("x-request-id", id) }
      if let delay = error.retryDelay { fields.add("retry-after", "\(delay.wholeSeconds)") }
      for field in webFields.all { fields.add(field.name, field.value) }
    } else {
      fields = head(dialect)
      body = heldReply?.bytes ?? body
      if heldReply?.isCompressed == true { fields.add("content-encoding", "gzip") }
    }
    fields.add("content-length", "\(body.readableBytes)")
    fields.add(metadata.headers)
    fields.add(metadata.trailers, prefix: "trailer-")
    let head = HTTPPart.head(status: status, fields: fields, isLast: body.readableBytes == 0)
    return body.readableBytes == 0 ? [head] : [head, .body(body, isLast: true)]
  }

  private func endPage(
    _ dialect: CallDialect, _ error: RPCError?, _ metadata: ReplyMetadata
  ) -> [HTTPPart] {
    var fields: HTTPFields
    var body = ByteBuffer()
    var status = 200
    if let error {
      // The path is all that lets anybody in: a wrong one leads nowhere.
      status = error.code == .unauthenticated ? 404 : ConnectStatus.http(error.code)
      body.writeBytes(ErrorReply(error).jsonBytes())
      fields = ["content-type": "application/json", "cache-control": "no-store"]
      if let id = error.requestID { fields.add("x-request-id", id) }
      if let delay = error.retryDelay {
        fields.add("retry-after", "\(max(delay.components.seconds, 1))")
      }
      for field in webFields.all { fields.add(field.name, field.value) }
    } else {
      fields = head(dialect)
      fields.add(metadata.headers)
      if let tag = metadata.headers["etag"], EntityTag.isNamed(tag, in: condition) {
        return [.head(status: 304, fields: fields, isLast: true)]
      }
      body = heldReply?.bytes ?? body
      if heldReply?.isCompressed == true { fields.add("content-encoding", "gzip") }
    }
    fields.add("content-length", "\(body.readableBytes)")
    let isBare = isHeadWanted || body.readableBytes == 0
    let head = HTTPPart.head(status: status, fields: fields, isLast: isBare)
    return isBare ? [head] : [head, .body(body, isLast: true)]
  }

  /// A response that is no call's.
  private mutating func only(_ status: Int, _ fields: HTTPFields) -> [HTTPPart] {
    var all = fields
    all.add("content-length", "0")
    for field in webFields.all { all.add(field.name, field.value) }
    var parts = [HTTPPart.head(status: status, fields: all, isLast: true)]
    return finish(&parts)
  }

  /// The answer to a path that names no method.
  package mutating func refusePath(_ error: RPCError) -> [HTTPPart] {
    guard dialect?.form != .grpc else { return end(error) }
    let text = ErrorReply(error).jsonBytes()
    var fields: HTTPFields = ["content-type": "application/json"]
    fields.add("content-length", "\(text.count)")
    if let id = error.requestID { fields.add("x-request-id", id) }
    for field in webFields.all { fields.add(field.name, field.value) }
    var parts = [
      HTTPPart.head(status: 404, fields: fields, isLast: false),
      .body(ByteBuffer(bytes: text), isLast: true)
    ]
    return finish(&parts)
  }
}

extension Duration {
  /// Seconds, rounded up: `Retry-After` (RFC 9110 §10.2.3) knows no smaller part.
  fileprivate var wholeSeconds: Int64 {
    let (seconds, attoseconds) = components
    return max(0, attoseconds > 0 ? seconds + 1 : seconds)
  }
}
