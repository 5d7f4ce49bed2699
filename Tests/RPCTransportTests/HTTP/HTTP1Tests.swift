import FixtureContracts
import Foundation
import NIOCore
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Calls over HTTP/1.1", .timeLimit(.minutes(1)))
struct HTTP1Tests {
  private static func request(
    _ method: String = "Echo", body: String, type: String = "application/json",
    more: [String] = []
  ) -> [UInt8] {
    let head =
      [
        "POST /fixture.v1.EchoService/\(method) HTTP/1.1", "host: localhost",
        "content-type: \(type)", "content-length: \(body.utf8.count)"
      ] + more
    return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
  }

  private static func connect(
    _ server: HTTPTestServer, protocols: [String] = ["http/1.1"]
  ) async throws -> HTTPSocket {
    try await HTTPSocket(server.authority, port: server.server.port, protocols: protocols)
  }

  /// Waits until a text has come so many times.
  private static func wait(
    _ socket: HTTPSocket, for text: String, times: Int = 1
  ) async throws -> String {
    let state = try await socket.observer.wait(text) { state in
      let all = String(decoding: state.bytes, as: UTF8.self)
      return all.components(separatedBy: text).count > times || state.isInactive
    }
    return String(decoding: state.bytes, as: UTF8.self)
  }

  @Test(
    "serves one request after another, with the protocol named or not", arguments: [true, false])
  func unary(named: Bool) async throws {
    try await HTTPTestServer.run { server in
      let socket = try await Self.connect(server, protocols: named ? ["http/1.1"] : [])
      for index in 1...3 {
        try await socket.channel.send(Self.request(body: #"{"text": "n\#(index)"}"#))
        let text = try await Self.wait(socket, for: #"{"text":"n\#(index)"}"#)
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
      }
    }
  }

  @Test("answers requests that were sent together in their order")
  func pipelined() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await Self.connect(server)
      try await socket.channel.send(
        Self.request(body: #"{"text": "first", "delayMs": 100}"#)
          + Self.request(body: #"{"text": "second"}"#))
      let text = try await Self.wait(socket, for: "second")
      let first = try #require(text.range(of: "first"))
      let second = try #require(text.range(of: "second"))
      #expect(first.lowerBound < second.lowerBound)
    }
  }

  @Test("a request is the same however it is cut")
  func splits() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await Self.connect(server)
      let bytes = Self.request(body: #"{"text": "cut"}"#)
      for (index, cut) in stride(from: 1, to: bytes.count, by: 11).enumerated() {
        try await socket.channel.send(Array(bytes[..<cut]))
        try await socket.channel.send(Array(bytes[cut...]))
        _ = try await Self.wait(socket, for: #"{"text":"cut"}"#, times: index + 1)
      }
    }
  }

  @Test("reads bodies in chunks, and says that it wants them")
  func chunks() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await Self.connect(server)
      let head = """
        POST /fixture.v1.EchoService/Echo HTTP/1.1\r
        host: localhost\r
        content-type: application/json\r
        transfer-encoding: chunked\r
        expect: 100-continue\r
        \r

        """
      try await socket.channel.send(Array(head.utf8))
      _ = try await Self.wait(socket, for: "HTTP/1.1 100 Continue")
      try await socket.channel.send(Array("8\r\n{\"text\":\r\n5\r\n\"ok\"}\r\n0\r\n\r\n".utf8))
      _ = try await Self.wait(socket, for: #"{"text":"ok"}"#)
    }
  }

  @Test("streams replies in envelopes, the last one with the end")
  func stream() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await Self.connect(server)
      let message = #"{"text": "x", "count": 3}"#
      let envelope = "\0\0\0\0" + String(UnicodeScalar(UInt8(message.utf8.count))) + message
      try await socket.channel.send(
        Self.request("Expand", body: envelope, type: "application/connect+json"))
      let text = try await Self.wait(socket, for: "\r\n0\r\n\r\n")
      #expect(text.contains("content-type: application/connect+json"))
      #expect(text.components(separatedBy: #""text":"x""#).count == 4)
      #expect(text.contains("\u{2}\0\0\0\u{2}{}"))
    }
  }

  @Test("an error has the HTTP status of its code, and the connection goes on")
  func failure() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await Self.connect(server)
      try await socket.channel.send(Self.request(body: #"{"failWithCode": 9}"#))
      let text = try await Self.wait(socket, for: "failed_precondition")
      #expect(text.hasPrefix("HTTP/1.1 400 "))
      try await socket.channel.send(Self.request(body: #"{"text": "after"}"#))
      _ = try await Self.wait(socket, for: #"{"text":"after"}"#)
    }
  }

  @Test(
    "refuses what is no call with HTTP's own statuses",
    arguments: [
      ("GET / HTTP/1.1\r\nhost: x\r\n\r\n", "405"),
      ("POST /a/B HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n", "415"),
      ("POST /a/B HTTP/1.1\r\nhost: x\r\ncontent-type: application/grpc\r\n\r\n", "505"),
      (
        "POST /a/B HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
          + "content-length: 0\r\n\r\n", "404"
      ),
      ("NONSENSE\r\n\r\n", "400"),
      ("GET / HTTP/1.1\r\nbad header\r\n\r\n", "400"),
      (
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n", "400"
      )
    ])
  func refused(request: String, status: String) async throws {
    try await HTTPTestServer.run { server in
      let socket = try await Self.connect(server)
      try await socket.channel.send(Array(request.utf8))
      let text = try await Self.wait(socket, for: "\r\n\r\n")
      #expect(text.hasPrefix("HTTP/1.1 \(status) "), "\(text)")
      try await server.expectServing()
    }
  }

  @Test("a head over the limit is refused, and the connection ends")
  func largeHead() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await Self.connect(server)
      let filler = "x-filler: " + String(repeating: "y", count: 20_000)
      try await socket.channel.send(Self.request(body: "{}", more: [filler]))
      let text = try await Self.wait(socket, for: "\r\n\r\n")
      #expect(text.hasPrefix("HTTP/1.1 431 "))
      try await socket.end()
      try await server.expectServing()
    }
  }

  @Test("a body over the limit is refused before it is whole")
  func largeBody() async throws {
    try await HTTPTestServer.run(limits: ServerLimits(messageBytes: 1_024)) { server in
      let socket = try await Self.connect(server)
      let head = Self.request(body: "", more: []).map { $0 }
      let text = String(decoding: head, as: UTF8.self)
        .replacingOccurrences(of: "content-length: 0", with: "content-length: 1000000")
      try await socket.channel.send(Array(text.utf8) + [UInt8](repeating: 0x20, count: 5_000))
      let answer = try await Self.wait(socket, for: "resource_exhausted")
      #expect(answer.hasPrefix("HTTP/1.1 429 "))
      #expect(answer.contains("connection: close"))
      try await server.expectServing()
    }
  }

  @Test("a client that goes away cancels its call")
  func cancel() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await Self.connect(server)
      try await socket.channel.send(Self.request(body: #"{"delayMs": 30000}"#))
      try await eventually { server.server.handler.noted { $0.started == 1 } }
      try await socket.close()
      try await eventually { server.server.handler.noted { $0.cancelled == 1 } }
    }
  }

  @Test("draining ends a connection after its call")
  func drain() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await Self.connect(server)
      try await socket.channel.send(Self.request(body: #"{"text": "late", "delayMs": 12000}"#))
      try await eventually { server.server.handler.noted { $0.started == 1 } }
      await server.server.server.drain()
      #expect(socket.text.contains(#"{"text":"late"}"#))
      #expect(socket.text.contains("connection: close"))
    }
  }
}
