import FixtureContracts
import ProtobufRuntime
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Calls over a socket", .timeLimit(.minutes(1)))
struct CallKindTests {
  @Test("one request, one reply")
  func unary() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let reply = try await client.echo(EchoRequest(text: "Grüße", payload: [0, 1, 255]))
        #expect(reply == EchoResponse(text: "Grüße", payload: [0, 1, 255]))
        _ = try await client.ping(ProtoEmpty())
      }
    }
  }

  @Test("one request, many replies", arguments: [UInt32(1), 2, 1_000])
  func serverStreaming(count: UInt32) async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let indexes = try await client.expand(EchoRequest(text: "x", count: count)) { replies in
          var indexes: [UInt32] = []
          for try await reply in replies { indexes.append(reply.index) }
          return indexes
        }
        #expect(indexes == Array(0..<count))
      }
    }
  }

  @Test("many requests, one reply", arguments: [0, 1, 2, 1_000])
  func clientStreaming(count: Int) async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let reply = try await client.collect { requests in
          for index in 0..<count { try await requests.write(EchoRequest(text: "\(index % 10)")) }
        }
        #expect(reply.index == UInt32(count))
        #expect(reply.text.utf8.count == count)
      }
    }
  }

  @Test("many requests, many replies, taking turns")
  func bidirectional() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let texts = try await client.chat { requests, replies in
          var texts: [String] = []
          for index in 0..<100 {
            try await requests.write(EchoRequest(text: "\(index)"))
            texts.append(try #require(try await replies.next()).text)
          }
          requests.finish()
          #expect(try await replies.next() == nil)
          return texts
        }
        #expect(texts == (0..<100).map(String.init))
      }
    }
  }

  @Test("streams that pass the initial window many times, both ways at once")
  func largeStreams() async throws {
    let payload = [UInt8](repeating: 7, count: 10_000)
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let total = try await client.chat { requests, replies in
          try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
              for _ in 0..<300 { try await requests.write(EchoRequest(payload: payload)) }
              requests.finish()
              return 0
            }
            group.addTask {
              var total = 0
              while let reply = try await replies.next() { total += reply.payload.count }
              return total
            }
            return try await group.reduce(0, +)
          }
        }
        #expect(total == 300 * 10_000)
      }
    }
  }

  @Test("a message larger than the window, in a stream")
  func largeMessage() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let payload = [UInt8](repeating: 9, count: 3_000_000)
        let sizes = try await client.expand(EchoRequest(payload: payload, count: 3)) { replies in
          var sizes: [Int] = []
          for try await reply in replies { sizes.append(reply.payload.count) }
          return sizes
        }
        #expect(sizes == [3_000_000, 3_000_000, 3_000_000])
      }
    }
  }

  @Test("a thousand at once on one connection")
  func manyInFlight() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, connection in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for index in 0..<1_000 {
            group.addTask {
              let delay = UInt32(index % 5)
              let reply = try await client.echo(EchoRequest(text: "\(index)", delayMs: delay))
              #expect(reply.text == "\(index)")
            }
          }
          try await group.waitForAll()
        }
        try await eventually { connection.callsInProgress == 0 }
      }
    }
  }

  @Test("tasks on the connection's own loop")
  func onLoop() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, connection in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for index in 0..<50 {
            group.addTask(executorPreference: connection.executor) {
              for turn in 0..<20 {
                let reply = try await client.echo(EchoRequest(text: "\(index) \(turn)"))
                #expect(reply.text == "\(index) \(turn)")
              }
            }
          }
          try await group.waitForAll()
        }
      }
    }
  }

  @Test("the handler knows the caller's address, token and request id")
  func context() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let reply = try await client.echo(
          EchoRequest(text: "who am I"), options: CallOptions(authorization: "tok"))
        #expect(reply.text == "127.0.0.1 tok")
        let id = "0190a7b2-1111-7000-8000-00000000000a"
        _ = try await client.echo(EchoRequest(), options: CallOptions(requestID: id))
        _ = try await client.echo(EchoRequest())
        let ids = server.handler.noted { $0.requestIDs }
        #expect(ids[1] == id)
        #expect(ids.last?.isUUID == true)
      }
    }
  }

  @Test("replies left unread are given up, and the connection goes on")
  func unreadReplies() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, connection in
        let first = try await client.expand(
          EchoRequest(payload: [UInt8](repeating: 1, count: 5_000), count: 1_000_000)
        ) { try await $0.next() }
        #expect(first?.index == 0)
        try await eventually { server.handler.noted { $0.cancelled == 1 } }
        _ = try await client.echo(EchoRequest(text: "on"))
        try await eventually { connection.callsInProgress == 0 }
      }
    }
  }
}
