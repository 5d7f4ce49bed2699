import FixtureContracts
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Errors over a socket", .timeLimit(.minutes(1)))
struct ErrorTests {
  @Test(
    "every code arrives, with its message and details",
    arguments: RPCStatusCode.allKnown.dropFirst())
  func codes(code: RPCStatusCode) async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let error = await #expect(throws: RPCError.self) {
          try await client.echo(EchoRequest(text: "t", failWithCode: UInt32(code.rawValue)))
        }
        #expect(error?.code == code)
        #expect(error?.message == "as asked")
        #expect(error?.reason == "AS_ASKED")
        #expect(error?.facts == ["text": "t"])
        #expect(error?.requestID?.isUUID == true)
      }
    }
  }

  @Test("an error that nobody knows is INTERNAL, and keeps its secret")
  func unknownError() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let error = await #expect(throws: RPCError.self) {
          try await client.import(EchoRequest(text: "secret"))
        }
        #expect(error?.code == .internal)
        #expect(error?.message.contains("secret") == false)
        #expect(error?.details == [])
      }
    }
  }

  @Test("a method that the server does not have is UNIMPLEMENTED, for every kind of call")
  func unknownMethod() async throws {
    try await TestServer.run { server in
      try await server.withClient { _, connection in
        let client = PolicyService.Client(channel: connection)
        let unary = await #expect(throws: RPCError.self) {
          try await client.everybody(EchoRequest())
        }
        #expect(unary?.code == .unimplemented)
        let replies = await #expect(throws: RPCError.self) {
          try await client.readEchoes(EchoRequest()) { try await $0.next() }
        }
        #expect(replies?.code == .unimplemented)
        let requests = await #expect(throws: RPCError.self) {
          try await client.uploadEchoes { writer in
            while true { try await writer.write(EchoRequest(payload: [1, 2, 3])) }
          }
        }
        #expect(requests?.code == .unimplemented)
      }
    }
  }

  @Test("a request that breaks the contract's rules is INVALID_ARGUMENT with the field")
  func rules() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let error = await #expect(throws: RPCError.self) {
          try await client.echo(EchoRequest(requestID: "not a UUID"))
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.fieldViolations.map(\.field) == ["request_id"])
        let streamed = await #expect(throws: RPCError.self) {
          try await client.collect { writer in
            try await writer.write(EchoRequest(text: "fine"))
            try await writer.write(EchoRequest(count: 2_000_000))
          }
        }
        #expect(streamed?.code == .invalidArgument)
        #expect(streamed?.fieldViolations.map(\.field) == ["count"])
        #expect(server.handler.noted { $0.started } == 1)
      }
    }
  }

  @Test("a stream delivers what came before its error")
  func errorAfterReplies() async throws {
    try await TestServer.run { server in
      try await server.withClient { client, _ in
        let error = await #expect(throws: RPCError.self) {
          try await client.chat { requests, replies in
            try await requests.write(EchoRequest(text: "a", count: 3))
            try await requests.write(EchoRequest(failWithCode: 9))
            for index in 0..<3 { #expect(try await replies.next()?.index == UInt32(index)) }
            _ = try await replies.next()
          }
        }
        #expect(error?.code == .failedPrecondition)
      }
    }
  }

  @Test("a closure's own error ends the call, and is what the caller gets")
  func ownError() async throws {
    struct Mine: Error {}
    try await TestServer.run { server in
      try await server.withClient { client, connection in
        await #expect(throws: Mine.self) {
          try await client.collect { writer in
            try await writer.write(EchoRequest(text: "a"))
            throw Mine()
          }
        }
        try await eventually { server.handler.noted { $0.cancelled == 1 } }
        try await eventually { connection.callsInProgress == 0 }
      }
    }
  }

  @Test("a request that passes the client's limit does not leave, and the connection goes on")
  func requestTooLarge() async throws {
    try await TestServer.run { server in
      try await server.withClient(limits: ClientLimits(messageBytes: 1_024)) { client, _ in
        let fits = try await client.collect { try await $0.write(EchoRequest(text: "a")) }
        #expect(fits.index == 1)
        let error = await #expect(throws: RPCError.self) {
          try await client.echo(EchoRequest(payload: [UInt8](repeating: 0, count: 1_100)))
        }
        #expect(error?.code == .resourceExhausted)
        #expect(error?.reason == "REQUEST_TOO_LARGE")
        let streamed = await #expect(throws: RPCError.self) {
          try await client.collect {
            try await $0.write(EchoRequest(payload: [UInt8](repeating: 0, count: 1_100)))
          }
        }
        #expect(streamed?.reason == "REQUEST_TOO_LARGE")
        _ = try await client.echo(EchoRequest(text: "on"))
      }
    }
  }
}
