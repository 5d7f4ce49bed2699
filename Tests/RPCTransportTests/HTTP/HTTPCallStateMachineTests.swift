import NIOCore
import RPCCore
import Testing

@testable import RPCTransport

@Suite("HTTP call state machine")
struct HTTPCallStateMachineTests {
  static func head(
    _ contentType: String, method: String = "POST", isHTTP2: Bool = true
  ) -> HTTPCallHead {
    var fields: HTTPFields = ["content-type": contentType]
    if contentType.hasPrefix("application/grpc") { fields.add("te", "trailers") }
    return HTTPCallHead(
      method: method, path: "/fixture.v1.EchoService/Echo", fields: fields, isHTTP2: isHTTP2)
  }

  /// The head of a gRPC call with further fields.
  static func head(_ fields: (String, String)...) -> HTTPCallHead {
    var head = head("application/grpc")
    for (name, value) in fields { head.fields.add(name, value) }
    return head
  }

  static func envelope(_ message: [UInt8], flags: UInt8 = 0) -> [UInt8] {
    [flags] + withUnsafeBytes(of: UInt32(message.count).bigEndian) { Array($0) } + message
  }

  static func status(_ parts: [HTTPPart]) -> Int? {
    for case .head(let status, _, _) in parts { return status }
    return nil
  }

  static func fields(_ parts: [HTTPPart]) -> [String: String] {
    var all: [String: String] = [:]
    for part in parts {
      switch part {
      case .head(_, let fields, _), .trailers(let fields):
        for field in fields.all { all[field.name] = field.value }
      default: break
      }
    }
    return all
  }

  static func body(_ parts: [HTTPPart]) -> String {
    var bytes: [UInt8] = []
    for case .body(let part, _) in parts { bytes += part.readableBytesView }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A machine whose call is open, after this much of the request.
  static func open(
    _ head: HTTPCallHead, kind: CallKind, limits: ServerLimits = ServerLimits()
  ) throws -> HTTPCallStateMachine {
    var machine = HTTPCallStateMachine(limits: limits)
    guard case .open = machine.receiveHead(head) else { throw CancellationError() }
    let refusal = machine.open(kind)
    #expect(refusal == nil)
    return machine
  }

  @Test(
    "refuses what is no call with the statuses that HTTP has for it",
    arguments: [
      (HTTPCallStateMachineTests.head("text/plain"), 415),
      (HTTPCallStateMachineTests.head("application/grpcx"), 415),
      (HTTPCallStateMachineTests.head(""), 415),
      (HTTPCallStateMachineTests.head("application/grpc", method: "GET"), 405),
      (HTTPCallStateMachineTests.head("application/grpc", method: "PUT"), 405),
      (HTTPCallStateMachineTests.head("application/grpc", isHTTP2: false), 505)
    ])
  func refused(head: HTTPCallHead, status: Int) {
    var machine = HTTPCallStateMachine(limits: ServerLimits())
    guard case .respond(let parts) = machine.receiveHead(head) else {
      Issue.record("\(head) was opened")
      return
    }
    #expect(Self.status(parts) == status)
    #expect(parts.last == .stopRequest)
    #expect(machine.isEnded)
  }

  @Test(
    "ends a gRPC call whose head breaks the rules in its trailers",
    arguments: [
      (("grpc-timeout", "1"), 3), (("grpc-timeout", "123456789S"), 3),
      (("grpc-timeout", "1x"), 3), (("grpc-timeout", "-1S"), 3), (("grpc-timeout", "S"), 3),
      (("grpc-encoding", "br"), 12), (("authorization", "Basic x"), 16),
      (("x-data-bin", "?"), 3), (("x-data-bin", "A"), 3), (("x-täxt", "1"), 3),
      (("x-text", "tab\there"), 3)
    ])
  func malformed(field: (String, String), code: Int) {
    var machine = HTTPCallStateMachine(limits: ServerLimits())
    guard case .refuse(let error) = machine.receiveHead(Self.head(field)) else {
      Issue.record("\(field) was taken")
      return
    }
    let parts = machine.end(error)
    #expect(Self.status(parts) == 200)
    #expect(Self.fields(parts)["grpc-status"] == "\(code)")
  }

  @Test("wants te: trailers of a gRPC call")
  func te() {
    var machine = HTTPCallStateMachine(limits: ServerLimits())
    let head = HTTPCallHead(
      method: "POST", path: "/a/B", fields: ["content-type": "application/grpc"], isHTTP2: true)
    guard case .refuse(let error) = machine.receiveHead(head) else {
      Issue.record("it was opened")
      return
    }
    #expect(error.code == .invalidArgument)
  }

  @Test(
    "reads the timeout in every unit",
    arguments: [
      ("1H", 3_600_000_000), ("2M", 120_000_000), ("3S", 3_000_000), ("4m", 4_000), ("5u", 5),
      ("6000n", 6), ("1n", 1), ("0S", 1), ("99999999S", 99_999_999_000_000),
      ("99999999M", 5_999_999_940_000_000), ("5124095H", 18_446_742_000_000_000),
      ("5124096H", .max), ("99999999H", .max)
    ])
  func timeouts(text: String, microseconds: UInt64) throws {
    var machine = HTTPCallStateMachine(limits: ServerLimits())
    guard case .open(let opening) = machine.receiveHead(Self.head(("grpc-timeout", text))) else {
      Issue.record("\(text) was refused")
      return
    }
    #expect(opening.timeoutMicroseconds == microseconds)
  }

  @Test("takes token, request id and metadata out of the head, and nothing of HTTP's own")
  func metadata() throws {
    var machine = HTTPCallStateMachine(limits: ServerLimits())
    let head = Self.head(
      ("authorization", "bearer  abc.def"), ("x-request-id", "id"), ("x-text", "a b"),
      ("x-data-bin", "AQ==, Ag,Aw"), ("accept-encoding", "gzip"), ("user-agent", "test/1"))
    guard case .open(let opening) = machine.receiveHead(head) else {
      Issue.record("it was refused")
      return
    }
    #expect(opening.method == "fixture.v1.EchoService/Echo")
    #expect(opening.authorization == "abc.def")
    #expect(opening.requestID == "id")
    #expect(
      opening.metadata.entries.map { "\($0.name)=\($0.value)" } == [
        "x-text=\(Array("a b".utf8))", "x-data-bin=[1]", "x-data-bin=[2]", "x-data-bin=[3]",
        "user-agent=\(Array("test/1".utf8))"
      ])
  }

  @Test("finds the same requests however the body is cut")
  func splits() throws {
    let messages: [[UInt8]] = [[], [1], Array(repeating: 7, count: 300), [2, 3]]
    let packed = try #require([UInt8](repeating: 9, count: 50).withUnsafeBytes(Gzip.compress))
    let body =
      messages.flatMap { Self.envelope($0) }
      + Self.envelope([UInt8](buffer: packed), flags: 1)
    let expected = messages + [Array(repeating: 9, count: 50)]
    let head = Self.head(("grpc-encoding", "gzip"))
    for first in 0...body.count {
      for second in [first, (first + body.count) / 2, body.count] {
        var machine = try Self.open(head, kind: .bidirectional)
        var found: [[UInt8]] = []
        var hasEnded = false
        func take() {
          while true {
            switch machine.nextRequest() {
            case .message(let bytes, _): found.append([UInt8](buffer: bytes))
            case .end: hasEnded = true
            case .wait: return
            case .start, .refuse:
              Issue.record("not expected")
              return
            }
          }
        }
        for part in [body[..<first], body[first..<second], body[second...]] {
          machine.receiveBody(ByteBuffer(bytes: part))
          take()
        }
        #expect(!hasEnded)
        machine.receiveEnd()
        take()
        #expect(found == expected)
        #expect(hasEnded)
      }
    }
  }

  /// What a body ends with, for a call of one request.
  static func refusal(
    of body: [UInt8], _ head: HTTPCallHead = head(), limits: ServerLimits = ServerLimits()
  ) throws -> RPCError? {
    var machine = try open(head, kind: .unary, limits: limits)
    machine.receiveBody(ByteBuffer(bytes: body))
    machine.receiveEnd()
    while true {
      switch machine.nextRequest() {
      case .message: continue
      case .refuse(let error): return error
      default: return nil
      }
    }
  }

  @Test("refuses bodies that break the rules of envelopes")
  func envelopes() throws {
    let sound = Self.envelope([1, 2])
    #expect(try Self.refusal(of: sound) == nil)
    #expect(try Self.refusal(of: [])?.reason == "REQUEST_COUNT")
    #expect(try Self.refusal(of: sound + sound)?.reason == "REQUEST_COUNT")
    for end in 1..<sound.count {
      #expect(try Self.refusal(of: Array(sound.prefix(end)))?.reason == "TRUNCATED_MESSAGE")
    }
    #expect(try Self.refusal(of: Self.envelope([1], flags: 2))?.reason == "MALFORMED_MESSAGE")
    #expect(try Self.refusal(of: Self.envelope([1], flags: 1))?.code == .internal)
    let packs = Self.head(("grpc-encoding", "gzip"))
    #expect(
      try Self.refusal(of: Self.envelope([1], flags: 1), packs)?.reason == "MALFORMED_MESSAGE")
  }

  @Test("refuses a message on its announced length, before it comes")
  func announced() throws {
    let limits = ServerLimits(messageBytes: 1_024)
    var machine = try Self.open(Self.head(), kind: .unary, limits: limits)
    machine.receiveBody(ByteBuffer(bytes: [0, 0, 0, 4, 1]))
    guard case .refuse(let error) = machine.nextRequest() else {
      Issue.record("it was not refused")
      return
    }
    #expect(error.code == .resourceExhausted)
  }

  @Test("stops unpacking a bomb at the limit")
  func bomb() throws {
    let packed = try #require(
      [UInt8](repeating: 0, count: 8_388_608).withUnsafeBytes(Gzip.compress))
    #expect(packed.readableBytes < 65_536)
    let error = try Self.refusal(
      of: Self.envelope([UInt8](buffer: packed), flags: 1),
      Self.head(("grpc-encoding", "gzip")), limits: ServerLimits(messageBytes: 1_048_576))
    #expect(error?.code == .resourceExhausted)
    for cut in stride(from: 0, to: packed.readableBytes, by: 97) {
      #expect(throws: RPCError.self) {
        try Gzip.decompress(
          packed.getSlice(at: 0, length: cut) ?? ByteBuffer(), limit: 16_777_216)
      }
    }
    #expect(try Gzip.decompress(packed, limit: 8_388_608).readableBytes == 8_388_608)
  }

  @Test("writes a whole gRPC response: head, envelope, trailers")
  func response() throws {
    var machine = try Self.open(Self.head(), kind: .unary)
    machine.receiveEnd()
    let metadata = ReplyMetadata()
    metadata.addHeader(try #require(Metadata.Entry(name: "x-first", value: [0x61])))
    metadata.addTrailer(try #require(Metadata.Entry(name: "x-last-bin", value: [1, 2])))
    let parts =
      machine.reply(ByteBuffer(bytes: [5]), isCompressed: false, beside: metadata)
      + machine.end(nil, beside: metadata)
    #expect(parts.count == 3)
    #expect(parts[1] == .body(ByteBuffer(bytes: [0, 0, 0, 0, 1, 5]), isLast: false))
    #expect(parts[2] == .trailers(["grpc-status": "0", "x-last-bin": "AQI"]))
    #expect(Self.fields(parts)["x-first"] == "a")
    let again = machine.end(.internal())
    let late = machine.reply(ByteBuffer(), isCompressed: false, beside: metadata)
    #expect(again + late == [], "a call ends once")
  }

  @Test("writes an error in trailers alone, with its details and its message in ASCII")
  func failure() throws {
    var machine = try Self.open(Self.head(), kind: .unary)
    var error = RPCError.notFound("50 % söme\n", reason: "GONE")
    error.requestID = "id"
    let parts = machine.end(error)
    #expect(parts.count == 2)
    let fields = Self.fields(parts)
    #expect(fields["grpc-status"] == "5")
    #expect(fields["grpc-message"] == "50 %25 s%C3%B6me%0A")
    #expect(fields["x-request-id"] == "id")
    let details = try #require(fields["grpc-status-details-bin"].flatMap { Base64.bytes(of: $0) })
    #expect(details == error.statusBytes)
    #expect(parts.last == .stopRequest)
  }

  @Test("leaves details out that a client's limit on headers would not let in")
  func largeDetails() throws {
    var machine = try Self.open(Self.head(), kind: .unary)
    let parts = machine.end(
      .aborted("x", reason: "X", metadata: ["fact": String(repeating: "y", count: 10_000)]))
    #expect(Self.fields(parts)["grpc-status"] == "10")
    #expect(Self.fields(parts)["grpc-status-details-bin"] == nil)
  }

  @Test(
    "gives a unary call in JSON the HTTP status of its code",
    arguments: zip(
      RPCStatusCode.allKnown.dropFirst(),
      [499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401]))
  func statuses(code: RPCStatusCode, status: Int) throws {
    var machine = try Self.open(Self.head("application/json"), kind: .unary)
    let parts = machine.end(RPCError(code: code, message: "no"))
    #expect(Self.status(parts) == status)
    let name = code == .cancelled ? "canceled" : code.name.lowercased()
    #expect(Self.body(parts) == #"{"code":"\#(name)","message":"no"}"#)
  }

  @Test("writes details for machines and for people")
  func connectDetails() throws {
    var machine = try Self.open(Self.head("application/json"), kind: .unary)
    let text = Self.body(machine.end(.notFound("no", reason: "GONE")))
    #expect(text.contains(#""type":"google.rpc.ErrorInfo""#))
    #expect(text.contains(#""reason":"GONE""#))
  }

  @Test("ends a stream in Connect's form with a message of its own")
  func connectStream() throws {
    var machine = try Self.open(Self.head("application/connect+json"), kind: .serverStreaming)
    machine.receiveBody(ByteBuffer(bytes: Self.envelope(Array("{}".utf8))))
    machine.receiveEnd()
    guard case .message = machine.nextRequest(), case .start = machine.nextRequest() else {
      Issue.record("the request was not taken")
      return
    }
    let metadata = ReplyMetadata()
    metadata.addTrailer(try #require(Metadata.Entry(name: "x-last", value: [0x7A])))
    let parts =
      machine.reply(ByteBuffer(string: "{}"), isCompressed: false, beside: metadata)
      + machine.end(.aborted("late", reason: "LATE"), beside: metadata)
    guard case .head(200, let fields, false) = parts[0], case .body(var end, true) = parts[2] else {
      Issue.record("\(parts)")
      return
    }
    #expect(fields["content-type"] == "application/connect+json")
    #expect(end.readInteger(as: UInt8.self) == 2)
    let length = end.readInteger(as: UInt32.self)
    #expect(length.map(Int.init) == end.readableBytes)
    let text = String(buffer: end)
    #expect(text.contains(#""code":"aborted""#))
    #expect(text.contains(#""metadata":{"x-last":["z"]}"#))
  }

  @Test("keeps dialects to the kinds of call that they can carry")
  func kinds() {
    for (type, kind) in [
      ("application/json", CallKind.serverStreaming), ("application/proto", .bidirectional),
      ("application/connect+json", .unary)
    ] {
      var machine = HTTPCallStateMachine(limits: ServerLimits())
      _ = machine.receiveHead(Self.head(type))
      let refusal = machine.open(kind)
      #expect(refusal.flatMap { Self.status($0) } == 415)
      let accepted = refusal.flatMap { Self.fields($0)["accept-post"] } ?? ""
      let types = accepted.split(separator: ", ").map(String.init)
      #expect(!types.isEmpty && !types.contains(type))
      #expect(types.allSatisfy { CallDialect(contentType: $0)?.carries(kind) == true })
    }
  }

  @Test("lets the pages of named web sites in, and no others")
  func origins() {
    let origins = WebOrigins(["https://app.example"])
    func answer(_ origin: String) -> (Int?, [String: String]) {
      var machine = HTTPCallStateMachine(limits: ServerLimits(), origins: origins)
      let head = HTTPCallHead(
        method: "OPTIONS", path: "/a/B",
        fields: [
          "origin": origin, "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,content-type"
        ], isHTTP2: true)
      guard case .respond(let parts) = machine.receiveHead(head) else { return (nil, [:]) }
      return (Self.status(parts), Self.fields(parts))
    }
    let (allowed, fields) = answer("https://app.example")
    #expect(allowed == 204)
    #expect(fields["access-control-allow-origin"] == "https://app.example")
    #expect(fields["access-control-allow-headers"] == "authorization,content-type")
    let (refused, none) = answer("https://evil.example")
    #expect(refused == 403)
    #expect(none["access-control-allow-origin"] == nil)
  }

  @Test(
    "a call that may be made again later says when, in whole seconds",
    arguments: [
      (Duration.seconds(2), "2"), (.milliseconds(2_001), "3"), (.nanoseconds(1), "1"),
      (.zero, "0")
    ])
  func retryAfter(delay: Duration, expected: String) throws {
    var machine = try Self.open(Self.head("application/json"), kind: .unary)
    let parts = machine.end(
      .resourceExhausted("Too fast", reason: "RATE_LIMITED", retryAfter: delay))
    #expect(Self.status(parts) == 429)
    #expect(Self.fields(parts)["retry-after"] == expected)
    #expect(Self.body(parts).contains("RetryInfo"))
    var other = try Self.open(Self.head("application/json"), kind: .unary)
    #expect(Self.fields(other.end(.notFound("Nothing")))["retry-after"] == nil)
  }
}
