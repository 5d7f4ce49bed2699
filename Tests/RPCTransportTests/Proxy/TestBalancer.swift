import NIOCore
import NIOPosix

/// Passes connections on as they are, behind a header that says whose they are.
enum TestBalancer {
  /// Runs a balancer before a port, for as long as a closure that is told its own port.
  static func run(
    before port: Int, header: [UInt8], _ body: (Int) async throws -> Void
  ) async throws {
    let listener = try await ServerBootstrap(group: TestServer.group)
      .childChannelOption(ChannelOptions.autoRead, value: false)
      .childChannelInitializer { client in
        ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: port)
          .flatMap { server in
            server.eventLoop.makeCompletedFuture {
              try client.pipeline.syncOperations.addHandler(RelayHandler(to: server))
              try server.pipeline.syncOperations.addHandler(RelayHandler(to: client))
              server.writeAndFlush(ByteBuffer(bytes: header), promise: nil)
            }
            .flatMap { client.setOption(ChannelOptions.autoRead, value: true) }
          }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      try await body(listener.localAddress?.port ?? 0)
    } catch {
      try await listener.close()
      throw error
    }
    try await listener.close()
  }
}

/// Writes to the other side what it reads, and ends with it.
private final class RelayHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let other: any Channel

  init(to other: any Channel) { self.other = other }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    other.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
}
