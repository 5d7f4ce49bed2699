internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import RPCCore

/// One POST, from the look-up of the name to the status of the answer.
///
/// `@unchecked Sendable`: everything but its constants is touched on its event loop alone.
final class HTTPPostExchange: @unchecked Sendable {
  private let post: HTTPPost
  private let context: TLSClientContext
  private let allowsPrivateAddresses: Bool
  private let eventLoop: any EventLoop
  private let status: EventLoopPromise<Int>
  private var channel: (any Channel)?
  private var isOver = false

  init(
    _ post: HTTPPost, context: TLSClientContext, allowsPrivateAddresses: Bool,
    eventLoop: any EventLoop
  ) {
    self.post = post
    self.context = context
    self.allowsPrivateAddresses = allowsPrivateAddresses
    self.eventLoop = eventLoop
    status = eventLoop.makePromise()
  }

  /// Begins, and returns what will be the status.
  func run(_ lookup: HostLookup) -> EventLoopFuture<Int> {
    let timeout = eventLoop.scheduleTask(
      deadline: .uptimeNanoseconds(post.deadline.uptimeNanoseconds)
    ) {
      self.fail(HTTPPostError(.timeout))
    }
    lookup.addresses(of: post.host, port: post.port, on: eventLoop).whenComplete { result in
      switch result {
      case .success(let addresses): self.connect(to: addresses)
      case .failure(let error): self.fail(error)
      }
    }
    status.futureResult.whenComplete { _ in timeout.cancel() }
    return status.futureResult
  }

  /// Ends what is under way.
  func cancel() {
    eventLoop.execute { self.fail(CancellationError()) }
  }

  private func connect(to addresses: [SocketAddress]) {
    guard !addresses.isEmpty else { return fail(HTTPPostError(.nameNotFound)) }
    let allowed = addresses.filter {
      allowsPrivateAddresses || InternetAddress.isPublic($0.octets)
    }
    guard !allowed.isEmpty else { return fail(HTTPPostError(.addressRefused)) }
    connect(toOneOf: allowed[...])
  }

  /// Connects to the first address that takes a connection.
  private func connect(toOneOf addresses: ArraySlice<SocketAddress>) {
    guard !isOver, let address = addresses.first else { return }
    // No address takes the time of those behind it.
    let share = post.deadline.remaining / addresses.count
    let nanoseconds = Deadline(uptimeNanoseconds: 0).advanced(by: share).uptimeNanoseconds
    ClientBootstrap(group: eventLoop)
      .connectTimeout(.nanoseconds(Int64(max(nanoseconds, 1_000_000))))
      .channelInitializer { channel in
        self.eventLoop.makeCompletedFuture { try self.prepare(channel) }
      }
      .connect(to: address)
      .whenFailure { error in
        guard self.channel == nil, addresses.count > 1 else { return self.fail(error) }
        self.connect(toOneOf: addresses.dropFirst())
      }
  }

  private func prepare(_ channel: any Channel) throws {
    guard !isOver else { throw ChannelError.ioOnClosedChannel }
    let operations = channel.pipeline.syncOperations
    if post.isSecure {
      try operations.addHandler(
        try TLSClientHandler(context: context, serverName: post.host))
    }
    try operations.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
    try operations.addHandler(
      HTTPPostHandler(post) { result in
        switch result {
        case .success(let status): self.succeed(status)
        case .failure(let error): self.fail(error)
        }
      } whenActive: {
        self.channel = channel
      })
  }

  private func succeed(_ value: Int) {
    guard !isOver else { return }
    isOver = true
    status.succeed(value)
  }

  private func fail(_ error: any Error) {
    guard !isOver else { return }
    isOver = true
    status.fail(error)
    channel?.close(promise: nil)
  }
}

/// What the system says of its errors.
enum IOErrorText {
  static func text(_ code: CInt) -> String {
    switch code {
    case ECONNREFUSED: "refused"
    case ECONNRESET, EPIPE: "reset"
    case ENETUNREACH, EHOSTUNREACH: "unreachable"
    default: "error \(code)"
    }
  }
}
