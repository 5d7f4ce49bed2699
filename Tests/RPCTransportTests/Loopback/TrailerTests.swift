import FixtureContracts
import RPCCore
import Synchronization
import Testing

@testable import RPCTransport

@Suite("Trailers over a socket", .timeLimit(.minutes(1)))
struct TrailerTests {
  /// Adds a header and a trailer to each call.
  private struct Adder: ServerInterceptor {
    func intercept(
      _ context: CallContext, next: (CallContext) async throws -> Void
    ) async throws {
      for (name, value) in [("x-first", "1"), ("x-last", "2")] {
        guard let entry = Metadata.Entry(name: name, value: Array(value.utf8)) else { continue }
        if name == "x-first" {
          context.reply.addHeader(entry)
        } else {
          context.reply.addTrailer(entry)
        }
      }
      try await next(context)
    }
  }

  private final class Noted: Sendable {
    private let names = Mutex<[String]>([])
    var all: [String] { names.withLock { $0 } }
    var options: CallOptions {
      CallOptions(onTrailers: { trailers in
        self.names.withLock { $0 += trailers.entries.map { "\($0.name)=\($0.text)" } }
      })
    }
  }

  @Test("reach the caller before the call returns, whether it went well or not")
  func reach() async throws {
    try await TestServer.run(interceptors: [Adder()]) { server in
      try await server.withClient { client, _ in
        let noted = Noted()
        _ = try await client.echo(EchoRequest(), options: noted.options)
        #expect(noted.all == ["x-first=1", "x-last=2"])
        await #expect(throws: RPCError.self) {
          try await client.echo(EchoRequest(failWithCode: 9), options: noted.options)
        }
        #expect(noted.all.count == 4)
        try await client.expand(EchoRequest(count: 2), options: noted.options) {
          for try await _ in $0 {}
        }
        #expect(noted.all.count == 6)
      }
    }
  }

  @Test("tell of a deprecated method")
  func deprecation() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, connection in
        let noted = Noted()
        _ = try await client.echo(EchoRequest(), options: noted.options)
        #expect(noted.all.isEmpty)
        let _: EchoResponse = try await connection.unary(
          EchoService.Methods.oldEcho, EchoRequest(), options: noted.options)
        #expect(noted.all == ["deprecation=true"])
      }
    }
  }
}
