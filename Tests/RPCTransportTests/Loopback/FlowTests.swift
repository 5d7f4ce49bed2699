import FixtureContracts
import RPCCore
import Synchronization
import Testing

@testable import RPCTransport

@Suite("Flow control over a socket", .timeLimit(.minutes(1)))
struct FlowTests {
  private static let payload = [UInt8](repeating: 5, count: 10_000)

  @Test("a slow reader holds back its own stream, and no other call")
  func slowReader() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        try await client.expand(EchoRequest(payload: Self.payload, count: 10_000)) { replies in
          _ = try await replies.next()
          for index in 0..<500 {
            #expect(try await client.echo(EchoRequest(text: "\(index)")).text == "\(index)")
          }
          let other = try await client.expand(EchoRequest(payload: Self.payload, count: 500)) {
            var count = 0
            for try await _ in $0 { count += 1 }
            return count
          }
          #expect(other == 500)
          // A window and the message that passed its end, plus what one read granted.
          #expect(
            server.handler.noted { $0.replies } <= 500 + 2 * FlowControl.initialWindow / 10_000)
        }
      }
    }
  }

  @Test("a handler that does not read holds back its own caller, and no other call")
  func slowHandler() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let written = Counter()
        let task = Task {
          try await client.collect { writer in
            for _ in 0..<10_000 {
              try await writer.write(EchoRequest(payload: Self.payload, delayMs: 60_000))
              written.add()
            }
          }
        }
        try await eventually { server.handler.noted { $0.started == 1 } }
        for index in 0..<500 {
          #expect(try await client.echo(EchoRequest(text: "\(index)")).text == "\(index)")
        }
        #expect(written.value <= 2 * FlowControl.initialWindow / 10_000)
        task.cancel()
        _ = await task.result
      }
    }
  }

  @Test("large replies of many streams arrive whole and once, as the socket fills and empties")
  func largeReplies() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for stream in 0..<8 {
            group.addTask {
              let payload = [UInt8](repeating: UInt8(stream), count: 600_000 + stream * 150_000)
              let request = EchoRequest(payload: payload, count: 15)
              let count = try await client.expand(request) { replies in
                var count = 0
                for try await reply in replies {
                  #expect(reply.payload == payload)
                  count += 1
                }
                return count
              }
              #expect(count == 15)
            }
          }
          try await group.waitForAll()
        }
      }
    }
  }

  @Test("a caller that does not read its socket stops being served, and others go on")
  func deafCaller() async throws {
    let limits = ServerLimits(messageBytes: 1_048_576, connectionBytes: 2_097_152)
    try await TestServer.run(limits: limits) { server in
      let deaf = Task {
        try await server.withSocket { socket in
          let request = EchoRequest(payload: [UInt8](repeating: 1, count: 500_000))
          for id in 1...1_000 as ClosedRange<UInt32> {
            try await socket.send(.call(EchoService.Methods.echo, id), .message(request, id))
          }
        }
      }
      var before = -1
      while server.handler.noted({ $0.started }) != before {
        before = server.handler.noted { $0.started }
        try await Task.sleep(for: .milliseconds(300))
      }
      try await server.withClient { client, _ in
        for index in 0..<100 {
          let reply = try await client.echo(EchoRequest(text: "\(index)"))
          #expect(reply.text == "\(index)")
        }
      }
      // The kernel's buffers take some megabytes; the server's own stay within its limit.
      #expect(server.handler.noted { $0.started } < 250)
      deaf.cancel()
      _ = await deaf.result
    }
  }

  @Test("a caller that sends without credit is told so, and disconnected")
  func withoutCredit() async throws {
    try await TestServer.run { server in
      try await server.withSocket { socket in
        try await socket.send(.call(EchoService.Methods.collect, 1))
        let message = try Frame.message(
          EchoRequest(payload: [UInt8](repeating: 0, count: 50_000), delayMs: 60_000), 1, flags: [])
        for _ in 0..<8 { try? await socket.send(message) }
        let last = try #require(try await socket.rest().last)
        #expect(try last.farewell.code == .invalidArgument)
      }
      try await eventually { server.handler.noted { $0.cancelled == 1 } }
    }
  }

  @Test("a call that takes the connection past its memory ends, and the others go on")
  func connectionMemory() async throws {
    let limits = ServerLimits(messageBytes: 131_072, connectionBytes: 262_144)
    try await TestServer.run(limits: limits) { server in
      try await server.withSocket { socket in
        let large = EchoRequest(payload: [UInt8](repeating: 0, count: 100_000), delayMs: 60_000)
        for id in 1...3 as ClosedRange<UInt32> {
          try await socket.send(.call(EchoService.Methods.collect, id))
          // The first request is in the handler's hands; the second waits.
          try await socket.send(.message(large, id, flags: []), .message(large, id, flags: []))
        }
        let status = try #require(try await socket.next())
        #expect([2, 3].contains(status.header.callID))
        #expect(try status.ending?.code == .resourceExhausted)
        #expect(try status.ending?.reason == "CONNECTION_MEMORY")
        try await socket.send(
          .call(EchoService.Methods.echo, 4), .message(EchoRequest(text: "on"), 4))
        // Another of the three may end too, if its handler was late.
        var frame = try await socket.next()
        while let other = frame, other.header.callID != 4 { frame = try await socket.next() }
        #expect(frame?.header.kind == .message)
      }
    }
  }
}

/// Counts from any task.
final class Counter: Sendable {
  private let count = Mutex(0)

  func add() { count.withLock { $0 += 1 } }

  var value: Int { count.withLock { $0 } }
}
