import FixtureContracts
import Logging
import NIOCore
import NIOPosix
import ProtobufRuntime
import RPCCore

@testable import RPCTransport

/// A server of the echo service on a free port of the loopback interface.
struct TestServer {
  let server: RPCServer
  let handler: EchoHandler
  let port: Int

  static let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
  static let clients = MultiThreadedEventLoopGroup(numberOfThreads: 2)
  static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// What the server shows to plain HTTP.
  static let page = Page(
    EchoService.Methods.echo, prefix: "/echo/", suffix: ".txt", contentType: "text/plain",
    request: { EchoRequest(text: $0) }, content: { (reply: EchoResponse) in reply.text })

  /// Runs a server for as long as a closure.
  static func run(
    limits: ServerLimits = ServerLimits(), security: ServerSecurity = .plaintext,
    interceptors: [any ServerInterceptor] = [], proxies: TrustedProxies = .none,
    logger: Logger = Self.logger, _ body: (TestServer) async throws -> Void
  ) async throws {
    let handler = EchoHandler()
    var router = Router(interceptors: interceptors)
    router.register(handler)
    router.register(page)
    let server = RPCServer(
      router: router, security: security, limits: limits, proxies: proxies, group: group,
      logger: logger)
    let port = try await listen(server)
    do {
      try await body(TestServer(server: server, handler: handler, port: port))
    } catch {
      await stop(server)
      throw error
    }
    await stop(server)
  }

  /// Ends a server without waiting for calls that a test left behind.
  private static func stop(_ server: RPCServer) async {
    let task = Task { await server.drain() }
    task.cancel()
    await task.value
  }

  /// Listens on a port below the range of outgoing connections.
  static func listen(_ server: RPCServer) async throws -> Int {
    while true {
      let port = Int.random(in: 20_000..<32_768)
      do {
        return try await server.start(on: [ListenAddress(host: "127.0.0.1", port: port)])[0]
      } catch let error as IOError where error.errnoCode == EADDRINUSE {
        continue
      }
    }
  }

  /// Opens a client's connection.
  func connect(
    limits: ClientLimits = ClientLimits(), security: ClientSecurity = .plaintext
  ) async throws -> ClientConnection {
    try await Self.connect(to: port, limits: limits, security: security)
  }

  /// Opens a client's connection to any port of the loopback interface.
  static func connect(
    to port: Int, limits: ClientLimits = ClientLimits(), security: ClientSecurity = .plaintext
  ) async throws -> ClientConnection {
    try await ClientConnector(
      host: "127.0.0.1", port: port, security: security, limits: limits, logger: logger
    ).connect(on: LoopExecutor(eventLoop: clients.next())).get()
  }

  /// Opens a client's connection for as long as a closure.
  func withClient<Result>(
    limits: ClientLimits = ClientLimits(), security: ClientSecurity = .plaintext,
    _ body: (EchoService.Client, ClientConnection) async throws -> Result
  ) async throws -> Result {
    let connection = try await connect(limits: limits, security: security)
    do {
      let result = try await body(EchoService.Client(channel: connection), connection)
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw error
    }
  }

  /// Opens a socket that says what a test tells it to, the greeting at once.
  func withSocket<Result: Sendable>(
    greeting: [UInt8] = [],
    _ body: @escaping @Sendable (RawSocket) async throws -> Result
  ) async throws -> Result {
    let channel = try await ClientBootstrap(group: Self.clients)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(GreetingHandler(greeting))
          return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await body(RawSocket(inbound: inbound, outbound: outbound))
    }
  }
}

/// Says something as soon as a connection is there.
private final class GreetingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let greeting: [UInt8]

  init(_ greeting: [UInt8]) { self.greeting = greeting }

  func channelActive(context: ChannelHandlerContext) {
    if !greeting.isEmpty {
      context.writeAndFlush(NIOAny(ByteBuffer(bytes: greeting)), promise: nil)
    }
    context.fireChannelActive()
  }
}

/// A socket without a protocol: sends any bytes, and reads frames.
final class RawSocket {
  private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var decoder = FrameDecoder(limits: FrameLimits(client: ClientLimits()))

  init(
    inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
    outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) {
    self.inbound = inbound.makeAsyncIterator()
    self.outbound = outbound
  }

  func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

  func send(_ frames: Frame...) async throws { try await send(frames.bytes) }

  /// The next bytes, whatever they are, or nil after the last one.
  func nextBytes() async throws -> ByteBuffer? {
    do { return try await inbound.next(isolation: #isolation) } catch is IOError { return nil }
  }

  /// The next frame, or nil after the last byte.
  func next() async throws -> Frame? {
    while true {
      if let frame = try decoder.next() { return frame }
      guard let bytes = try await nextBytes() else { return nil }
      decoder.append(bytes)
    }
  }

  /// All frames until the last byte.
  func rest() async throws -> [Frame] {
    var frames: [Frame] = []
    while let frame = try await next() { frames.append(frame) }
    return frames
  }
}

extension ClientConnection {
  /// Cuts the connection.
  func drop() {
    executor.eventLoop.execute { [handler] in handler.context?.close(promise: nil) }
  }
}

extension Frame {
  /// A CALL frame.
  static func call(_ method: MethodDescriptor, _ id: UInt32, requestID: String = "") -> Frame {
    Frame(
      .call, callID: id,
      payload: CallOpening(method: method.path, requestID: requestID).serializedBytes())
  }

  /// A MESSAGE frame.
  static func message(
    _ request: EchoRequest, _ id: UInt32, flags: FrameFlags = .end
  ) throws -> Frame {
    Frame(.message, flags: flags, callID: id, payload: try request.serializedBytes())
  }

  /// The payload.
  var payloadBytes: [UInt8] { Array(payload.readableBytesView) }

  /// The payload of a STATUS frame.
  var ending: RPCError? {
    get throws { try CallEnding(serializedBytes: Array(payload.readableBytesView)).error }
  }

  /// The payload of a GOAWAY frame.
  var farewell: Farewell {
    get throws { try Farewell(serializedBytes: Array(payload.readableBytesView)) }
  }
}
