import Foundation
import NIOCore
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Pages over HTTP", .timeLimit(.minutes(1)))
struct PageTests {
  /// Waits for so many responses, each but those without a body to its last octet.
  private static func wait(_ socket: HTTPSocket, for count: Int) async throws -> String {
    let ends = ["first", "\r\n\r\n", "between\"}", "\r\n\r\n", "last"]
    let state = try await socket.observer.wait("response \(count)") { state in
      let text = String(decoding: state.bytes, as: UTF8.self)
      return text.components(separatedBy: "HTTP/1.1 ").count == count + 1
        && text.hasSuffix(ends[count - 1]) || state.isInactive
    }
    return String(decoding: state.bytes, as: UTF8.self)
  }

  @Test("HTTP/1.1 reads one after another on one connection, with calls in between")
  func http1() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await HTTPSocket(
        server.authority, port: server.server.port, protocols: ["http/1.1"])
      let body = #"{"text": "between"}"#
      let requests = [
        "GET /echo/first.txt?x=1 HTTP/1.1\r\nhost: localhost\r\n\r\n",
        "HEAD /echo/second.txt HTTP/1.1\r\nhost: localhost\r\n\r\n",
        "POST /fixture.v1.EchoService/Echo HTTP/1.1\r\nhost: localhost\r\n"
          + "content-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)",
        "PUT /echo/third.txt HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n",
        "GET /echo/last.txt HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
      ]
      var text = ""
      for (count, request) in requests.enumerated() {
        try await socket.channel.send(Array(request.utf8))
        text = try await Self.wait(socket, for: count + 1)
      }
      let heads = text.components(separatedBy: "HTTP/1.1 ").dropFirst()
      #expect(
        heads.map { String($0.prefix(3)) } == ["200", "200", "200", "405", "200"])
      #expect(heads.first?.contains("content-type: text/plain\r\n") == true)
      #expect(heads.first?.hasSuffix("\r\n\r\nfirst") == true)
      // As long as the body that it does without.
      #expect(heads.dropFirst().first?.contains("content-length: 6\r\n") == true)
      #expect(heads.dropFirst().first?.hasSuffix("\r\n\r\n") == true)
      #expect(text.contains("allow: GET, HEAD\r\n"))
    }
  }

  @Test("HTTP/2 reads them as streams like all others")
  func http2() async throws {
    try await HTTPTestServer.run { server in
      let socket = try await server.connect()
      func request(_ stream: UInt32, _ method: String, _ path: String) -> HTTP2WireFrame {
        HTTP2WireFrame(
          type: HTTP2WireFrame.headers,
          flags: HTTP2WireFrame.endHeaders | HTTP2WireFrame.endStream, stream: stream,
          payload: HTTP2WireFrame.block([
            (":method", method), (":scheme", "https"), (":authority", "localhost"),
            (":path", path), ("authorization", "Basic c2VjcmV0")
          ]))
      }
      try await socket.send(request(1, "GET", "/echo/one.txt"))
      let got = try await socket.response(1)
      #expect(got.fields[":status"] == "200")
      #expect(String(decoding: got.body, as: UTF8.self) == "one")
      try await socket.send(request(3, "HEAD", "/echo/two.txt"))
      let head = try await socket.response(3)
      #expect(head.fields["content-length"] == "3" && head.body.isEmpty)
      try await socket.send(request(5, "GET", "/echo/.txt"))
      #expect(try await socket.response(5).fields[":status"] == "405")
      try await socket.close()
      try await server.expectServing()
    }
  }

  @Test(
    "an interceptor's refusal has the status of its code, and no path lets anybody in but its own",
    arguments: [
      (RPCStatusCode.unauthenticated, 404), (.permissionDenied, 403), (.resourceExhausted, 429),
      (.unavailable, 503), (.internal, 500)
    ])
  func refusals(_ code: RPCStatusCode, _ status: Int) {
    let page = Page.echo
    var machine = HTTPCallStateMachine(limits: ServerLimits())
    let head = HTTPCallHead(method: "GET", path: "/echo/x.txt", fields: [:], isHTTP2: true)
    guard case .open(let opening) = machine.receiveHead(head, for: page) else {
      Issue.record("the call is not opened")
      return
    }
    #expect(opening.method == page.method.path && opening.authorization.isEmpty)
    machine.receiveEnd()
    let parts = machine.end(RPCError(code: code, message: "no"))
    #expect(HTTPCallStateMachineTests.status(parts) == status)
    let fields = HTTPCallStateMachineTests.fields(parts)
    #expect(fields["content-type"] == "application/json" && fields["cache-control"] == "no-store")
  }

  @Test(
    "a caller who has the state of a page gets no body",
    arguments: [
      ("W/\"a\"", true), ("\"a\"", true), ("\"b\", W/\"a\"", true), ("*", true), ("\"b\"", false),
      ("a", false), ("", false)
    ])
  func conditions(_ condition: String, _ isKnown: Bool) {
    #expect(EntityTag.isNamed("W/\"a\"", in: condition) == isKnown)
    var machine = HTTPCallStateMachine(limits: ServerLimits())
    let head = HTTPCallHead(
      method: "GET", path: "/echo/x.txt", fields: ["if-none-match": condition], isHTTP2: true)
    _ = machine.receiveHead(head, for: .echo)
    machine.receiveEnd()
    let metadata = ReplyMetadata()
    if let entry = Metadata.Entry(name: "etag", value: Array("W/\"a\"".utf8)) {
      metadata.addHeader(entry)
    }
    _ = machine.reply(ByteBuffer(string: "x"), isCompressed: false, beside: metadata)
    let parts = machine.end(nil, beside: metadata)
    #expect(HTTPCallStateMachineTests.status(parts) == (isKnown ? 304 : 200))
    #expect(HTTPCallStateMachineTests.body(parts) == (isKnown ? "" : "x"))
    #expect(HTTPCallStateMachineTests.fields(parts)["etag"] == "W/\"a\"")
  }
}

extension Page {
  /// The test server's page.
  fileprivate static var echo: Page { TestServer.page }
}
