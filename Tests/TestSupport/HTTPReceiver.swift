import NIOCore
import NIOHTTP1
import NIOPosix
public import RPCTransport
import Synchronization

/// A web server for tests: keeps the requests that it gets, and answers as it is told.
public final class HTTPReceiver: Sendable {
  /// A request as it came.
  public struct Request: Sendable {
    /// The path with the query.
    public let target: String
    /// Names and values.
    public let headers: [(name: String, value: String)]
    /// The body.
    public let body: [UInt8]

    /// The value of a header.
    public subscript(header: String) -> String {
      headers.first { $0.name.lowercased() == header }?.value ?? ""
    }
  }

  /// What a request gets.
  public enum Answer: Sendable {
    /// A status, after a while.
    case status(Int, headers: String = "", body: String = "", after: Duration = .zero)
    /// Bytes that need not be HTTP.
    case bytes([UInt8])
    /// The same bytes again and again.
    case endless([UInt8], every: Duration)
    /// Nothing, with the connection open.
    case silence
    /// The end of the connection.
    case close
  }

  /// Tells the answer to a request; requests are numbered from 0.
  public typealias Answering = @Sendable (_ number: Int, Request) -> Answer

  /// Where it listens.
  public let port: Int
  private let channel: any Channel
  private let isSecure: Bool
  private let received: Received

  fileprivate final class Received: Sendable {
    let requests = Mutex<[Request]>([])
    let answering: Mutex<Answering>

    init(_ answering: @escaping Answering) { self.answering = Mutex(answering) }

    func answer(_ request: Request) -> Answer {
      let number = requests.withLock { requests in
        requests.append(request)
        return requests.count - 1
      }
      return answering.withLock { $0 }(number, request)
    }
  }

  /// Listens on a free port of this machine, with TLS where there are certificates.
  public init(
    certificates: DevelopmentCertificates.Files? = nil,
    _ answering: @escaping Answering = { _, _ in .status(204) }
  ) async throws {
    let received = Received(answering)
    let context = try certificates.map {
      try TLSServerContext(
        TLSServerConfiguration(
          credentials: .files(
            certificateChain: $0.serverCertificate, privateKey: $0.serverKey),
          applicationProtocols: ["http/1.1"]))
    }
    self.received = received
    isSecure = context != nil
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let operations = channel.pipeline.syncOperations
          if let context { try operations.addHandler(TLSServerHandler(context: context)) }
          try operations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
          try operations.addHandler(ReceiverHandler(received))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
  }

  /// The address of a path.
  public func url(_ path: String = "/hook") -> String {
    "\(isSecure ? "https" : "http")://127.0.0.1:\(port)\(path)"
  }

  /// What came, in order.
  public var requests: [Request] { received.requests.withLock { $0 } }

  /// Answers otherwise from now on; requests keep their numbers.
  public func answer(_ answering: @escaping Answering) {
    received.answering.withLock { $0 = answering }
  }

  /// Takes no more connections.
  public func stop() async throws { try await channel.close() }
}

/// Reads requests of one connection.
private final class ReceiverHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  private let received: HTTPReceiver.Received
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(_ received: HTTPReceiver.Received) { self.received = received }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body(let part): body += part.readableBytesView
    case .end:
      guard let head else { return }
      let request = HTTPReceiver.Request(
        target: head.uri, headers: head.headers.map { ($0.name, $0.value) }, body: body)
      perform(received.answer(request), on: context.channel)
    }
  }

  private func perform(_ answer: HTTPReceiver.Answer, on channel: any Channel) {
    switch answer {
    case .status(let status, let headers, let body, let delay):
      let text =
        "HTTP/1.1 \(status) Answer\r\n\(headers)content-length: \(body.utf8.count)\r\n\r\n\(body)"
      let nanoseconds =
        delay.components.seconds * 1_000_000_000
        + delay.components.attoseconds / 1_000_000_000
      channel.eventLoop.scheduleTask(in: .nanoseconds(nanoseconds)) {
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
      }
    case .bytes(let bytes):
      channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    case .endless(let bytes, let interval):
      let nanoseconds = interval.components.attoseconds / 1_000_000_000
      let task = channel.eventLoop.scheduleRepeatedTask(
        initialDelay: .zero, delay: .nanoseconds(nanoseconds)
      ) { _ in
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
      }
      channel.closeFuture.whenComplete { _ in task.cancel() }
    case .silence: break
    case .close: channel.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
