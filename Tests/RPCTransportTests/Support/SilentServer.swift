import NIOCore
import NIOPosix

@testable import RPCTransport

/// A server that accepts connections and does with them only what a test says.
enum SilentServer {
  /// Runs a server for as long as a closure. `greeting` is what each connection is sent at once.
  static func run(
    greeting: [UInt8] = [], _ body: (Int) async throws -> Void
  ) async throws {
    let bootstrap = ServerBootstrap(group: TestServer.group)
      .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        if !greeting.isEmpty {
          channel.eventLoop.execute {
            channel.writeAndFlush(ByteBuffer(bytes: greeting), promise: nil)
          }
        }
        return channel.eventLoop.makeSucceededVoidFuture()
      }
    var listener: (any Channel)?
    while listener == nil {
      let port = Int.random(in: 20_000..<32_768)
      listener = try? await bootstrap.bind(host: "127.0.0.1", port: port).get()
    }
    guard let listener, let port = listener.localAddress?.port else { return }
    do {
      try await body(port)
    } catch {
      try await listener.close().get()
      throw error
    }
    try await listener.close().get()
  }
}
