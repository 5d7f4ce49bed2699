import FixtureContracts
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Deadlines and cancellation over a socket", .timeLimit(.minutes(1)))
struct CallEndTests {
  @Test("the server ends a call at its deadline, and the handler is cancelled")
  func serverDeadline() async throws {
    try await TestServer.run { server in
      try await server.withSocket { socket in
        let opening = CallOpening(
          method: EchoService.Methods.echo.path, timeoutMicroseconds: 30_000)
        try await socket.send(
          Frame(.call, callID: 1, payload: opening.serializedBytes()),
          .message(EchoRequest(delayMs: 50_000), 1))
        let status = try #require(try await socket.next())
        #expect(status.header.kind == .status)
        #expect(try status.ending?.code == .deadlineExceeded)
      }
      // Under load, the call may pass its deadline before its handler starts.
      try await eventually { server.handler.noted { $0.cancelled == $0.started } }
    }
  }

  @Test("the server ends a call whose request never comes at its deadline")
  func neverWhole() async throws {
    try await TestServer.run { server in
      try await server.withSocket { socket in
        let opening = CallOpening(
          method: EchoService.Methods.echo.path, timeoutMicroseconds: 30_000)
        try await socket.send(Frame(.call, callID: 1, payload: opening.serializedBytes()))
        #expect(try await socket.next()?.ending?.code == .deadlineExceeded)
        try await socket.send(
          .call(EchoService.Methods.echo, 2), .message(EchoRequest(text: "x"), 2))
        #expect(try await socket.next()?.header.kind == .message)
      }
    }
  }

  @Test("the caller is free at its deadline even from a server that says nothing")
  func clientDeadline() async throws {
    try await SilentServer.run { port in
      let connection = try await TestServer.connect(to: port)
      let client = EchoService.Client(channel: connection)
      let options = CallOptions(timeout: .milliseconds(30))
      let unary = await #expect(throws: RPCError.self) {
        try await client.echo(EchoRequest(), options: options)
      }
      #expect(unary?.code == .deadlineExceeded)
      let stream = await #expect(throws: RPCError.self) {
        try await client.expand(EchoRequest(), options: options) { try await $0.next() }
      }
      #expect(stream?.code == .deadlineExceeded)
      let full = ClientLimits(callsPerConnection: 1)
      let narrow = try await TestServer.connect(to: port, limits: full)
      let waiting = EchoService.Client(channel: narrow)
      async let first = waiting.echo(EchoRequest(), options: CallOptions(timeout: .seconds(50)))
      try await eventually { narrow.callsInProgress == 1 }
      let second = await #expect(throws: RPCError.self) {
        try await waiting.echo(EchoRequest(), options: options)
      }
      #expect(second?.code == .deadlineExceeded)
      narrow.drop()
      _ = try? await first
    }
  }

  @Test("many deadlines on one connection each come in time")
  func manyDeadlines() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        await withTaskGroup(of: Void.self) { group in
          for index in 1...40 {
            group.addTask {
              let error = await #expect(throws: RPCError.self) {
                try await client.echo(
                  EchoRequest(delayMs: 50_000),
                  options: CallOptions(timeout: .milliseconds(200 - 4 * index)))
              }
              #expect(error?.code == .deadlineExceeded)
            }
          }
        }
        // Under load, a call may pass its deadline before its handler starts.
        try await eventually { server.handler.noted { $0.cancelled == $0.started } }
      }
    }
  }

  @Test("a call gets the shorter of the caller's time and the method's")
  func shorterTime() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        _ = try await client.echo(EchoRequest())
        _ = try await client.echo(EchoRequest(), options: CallOptions(timeout: .seconds(5)))
        _ = try await client.echo(EchoRequest(), options: CallOptions(timeout: .seconds(50_000)))
        let times = server.handler.noted { $0.deadlines }
        #expect(times[0] > .seconds(3_500) && times[0] <= .seconds(3_600))
        #expect(times[1] > .seconds(4) && times[1] <= .seconds(5))
        #expect(times[2] > .seconds(3_500) && times[2] <= .seconds(3_600))
      }
    }
  }

  @Test("cancelling the caller's task cancels the handler", arguments: CallKind.allCases)
  func cancels(kind: CallKind) async throws {
    try await TestServer.run { server in
      try await server.withClient { client, connection in
        let task = Task {
          switch kind {
          case .unary:
            _ = try await client.echo(EchoRequest(delayMs: 50_000))
          case .serverStreaming:
            try await client.expand(EchoRequest(delayMs: 50_000)) { _ = try await $0.next() }
          case .clientStreaming:
            _ = try await client.collect { writer in
              while true {
                try await writer.write(
                  EchoRequest(payload: [UInt8](repeating: 0, count: 9_000), delayMs: 1_000))
              }
            }
          case .bidirectional:
            try await client.chat { _, replies in _ = try await replies.next() }
          }
        }
        try await eventually { server.handler.noted { $0.started == 1 } }
        task.cancel()
        let error = await #expect(throws: RPCError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        try await eventually { server.handler.noted { $0.cancelled == 1 } }
        try await eventually { connection.callsInProgress == 0 }
        _ = try await client.echo(EchoRequest(text: "on"))
      }
    }
  }

  @Test("a task that is cancelled already makes no call")
  func cancelledBefore() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, connection in
        let task = Task {
          withUnsafeCurrentTask { $0?.cancel() }
          _ = try await client.echo(EchoRequest(delayMs: 50_000))
        }
        let error = await #expect(throws: RPCError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        try await eventually { connection.callsInProgress == 0 }
      }
    }
  }

  @Test("closing the socket cancels every handler")
  func socketCloses() async throws {
    try await TestServer.run { server in
      try await server.withSocket { socket in
        for id in 1...5 as ClosedRange<UInt32> {
          try await socket.send(
            .call(EchoService.Methods.echo, id), .message(EchoRequest(delayMs: 50_000), id))
        }
        try await eventually { server.handler.noted { $0.started == 5 } }
      }
      try await eventually { server.handler.noted { $0.cancelled == 5 } }
    }
  }

  @Test("a lost connection fails its calls as unavailable, and later ones as not started")
  func lostConnection() async throws {
    try await TestServer.run { server in
      let connection = try await server.connect()
      let client = EchoService.Client(channel: connection)
      let call = Task { try await client.echo(EchoRequest(delayMs: 50_000)) }
      try await eventually { server.handler.noted { $0.started == 1 } }
      connection.drop()
      let during = await #expect(throws: RPCError.self) { try await call.value }
      #expect(during?.code == .unavailable)
      #expect(during?.wasNotStarted == false)
      let after = await #expect(throws: RPCError.self) { try await client.echo(EchoRequest()) }
      #expect(after?.code == .unavailable)
      #expect(after?.wasNotStarted == true)
    }
  }
}
