import Logging
import NIOCore
import NIOHPACK
import NIOPosix
import RPCCore
import Testing

@testable import RPCTransport

/// One frame of HTTP/2 (RFC 9113 §4.1), whatever it says.
struct HTTP2WireFrame: Hashable {
  var type: UInt8
  var flags: UInt8 = 0
  var stream: UInt32 = 0
  var payload: [UInt8] = []

  static let data: UInt8 = 0
  static let headers: UInt8 = 1
  static let reset: UInt8 = 3
  static let settings: UInt8 = 4
  static let ping: UInt8 = 6
  static let goAway: UInt8 = 7
  static let windowUpdate: UInt8 = 8
  static let continuation: UInt8 = 9
  static let endStream: UInt8 = 1
  static let endHeaders: UInt8 = 4

  var bytes: [UInt8] {
    let length = UInt32(payload.count)
    return [UInt8(truncatingIfNeeded: length >> 16), UInt8(truncatingIfNeeded: length >> 8)]
      + [UInt8(truncatingIfNeeded: length), type, flags] + stream.octets + payload
  }

  var endsStream: Bool { flags & Self.endStream != 0 && (type == 0 || type == 1) }

  /// The error code of a GOAWAY or RST_STREAM frame.
  var errorCode: UInt32 {
    payload[(type == Self.goAway ? 4 : 0)...].prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// A header block of literals (RFC 7541 §6.2.2).
  static func block(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { [0] + text($0.0) + text($0.1) }
  }

  private static func text(_ text: String) -> [UInt8] {
    var rest = text.utf8.count
    guard rest >= 127 else { return [UInt8(rest)] + text.utf8 }
    var length: [UInt8] = [127]
    rest -= 127
    while rest >= 128 {
      length.append(UInt8(rest & 127 | 128))
      rest >>= 7
    }
    return length + [UInt8(rest)] + text.utf8
  }

  /// A HEADERS frame that opens a call.
  static func call(
    _ stream: UInt32, _ path: String = "/fixture.v1.EchoService/Echo", ends: Bool = false,
    type: String = "application/grpc", with more: [(String, String)] = []
  ) -> HTTP2WireFrame {
    HTTP2WireFrame(
      type: headers, flags: endHeaders | (ends ? endStream : 0), stream: stream,
      payload: block(
        [
          (":method", "POST"), (":scheme", "https"), (":path", path), (":authority", "localhost"),
          ("content-type", type), ("te", "trailers")
        ] + more))
  }

  /// A DATA frame.
  static func body(_ stream: UInt32, _ bytes: [UInt8], ends: Bool = true) -> HTTP2WireFrame {
    HTTP2WireFrame(type: data, flags: ends ? endStream : 0, stream: stream, payload: bytes)
  }
}

extension FixedWidthInteger {
  /// The bytes, in the order of the network.
  var octets: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}

/// A TLS connection to a server, on which a test says whatever it likes.
final class HTTPSocket {
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  let observer = TLSObserver()
  let channel: any Channel
  private var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
  private var frameOffset = 0
  /// The error codes of the streams that the server has reset so far.
  private(set) var resets: [UInt32: UInt32] = [:]

  /// Connects, and for HTTP/2 says the preface and settings.
  init(
    _ authority: TLSTestAuthority, port: Int, protocols: [String] = ["h2"],
    settings: [UInt8] = [], greets: Bool = true
  ) async throws {
    let context = try TLSClientContext(
      TLSClientConfiguration(trust: authority.trust, applicationProtocols: protocols))
    channel = try await TLSTestSockets.connect(context, port: port, observer: observer)
    try await observer.wait("handshake") { $0.handshake != nil }
    if greets, protocols.first == "h2" {
      try await channel.send(
        Self.preface + HTTP2WireFrame(type: HTTP2WireFrame.settings, payload: settings).bytes)
    }
  }

  func send(_ frames: HTTP2WireFrame...) async throws {
    try await channel.send(frames.flatMap(\.bytes))
  }

  func close() async throws { try? await channel.close().get() }

  /// The next frame of a kind, or nil when the connection ends before one comes.
  func next(
    _ condition: @escaping (HTTP2WireFrame) -> Bool = { _ in true }
  ) async throws -> HTTP2WireFrame? {
    while true {
      let offset = frameOffset
      let state = try await observer.wait("a frame") {
        Self.frame(in: $0.bytes, at: offset) != nil || $0.isInactive
      }
      guard let frame = Self.frame(in: state.bytes, at: offset) else { return nil }
      frameOffset += 9 + frame.payload.count
      if frame.type == HTTP2WireFrame.reset { resets[frame.stream] = frame.errorCode }
      if condition(frame) { return frame }
    }
  }

  /// Begins to read again at the first frame.
  func rewind() {
    frameOffset = 0
    decoder = HPACKDecoder(allocator: ByteBufferAllocator())
  }

  /// The code of the GOAWAY frame that ends the connection, or nil where none comes.
  func goAway() async throws -> UInt32? {
    try await next { $0.type == HTTP2WireFrame.goAway && $0.errorCode != 0 }?.errorCode
  }

  /// Waits for the end of the connection.
  func end() async throws { try await observer.wait("the end") { $0.isInactive } }

  /// The response on a stream, to its end: header fields of head and trailers, and the body.
  func response(
    _ stream: UInt32
  ) async throws -> (fields: [String: String], body: [UInt8], reset: UInt32?) {
    var fields: [String: String] = [:]
    var body: [UInt8] = []
    while let frame = try await next() {
      switch frame.type {
      case HTTP2WireFrame.headers:
        // Blocks of other streams feed the decoder too.
        var block = ByteBuffer(bytes: frame.payload)
        let headers = try decoder.decodeHeaders(from: &block)
        if frame.stream == stream {
          for (name, value, _) in headers { fields[name] = value }
        }
      case HTTP2WireFrame.data where frame.stream == stream: body += frame.payload
      case HTTP2WireFrame.reset where frame.stream == stream:
        return (fields, body, frame.errorCode)
      default: break
      }
      if frame.stream == stream, frame.endsStream { break }
    }
    return (fields, body, nil)
  }

  /// Everything that came, as text.
  var text: String { String(decoding: observer.current.bytes, as: UTF8.self) }

  private static func frame(in bytes: [UInt8], at offset: Int) -> HTTP2WireFrame? {
    guard bytes.count >= offset + 9 else { return nil }
    let length = bytes[offset..<(offset + 3)].reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count >= offset + 9 + length else { return nil }
    return HTTP2WireFrame(
      type: bytes[offset + 3], flags: bytes[offset + 4],
      stream: bytes[(offset + 5)..<(offset + 9)].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF,
      payload: Array(bytes[(offset + 9)..<(offset + 9 + length)]))
  }
}

/// A server of the echo service that speaks every protocol over TLS.
struct HTTPTestServer {
  let authority: TLSTestAuthority
  let server: TestServer

  static func run(
    limits: ServerLimits = ServerLimits(), interceptors: [any ServerInterceptor] = [],
    logger: Logger = TestServer.logger, _ body: (HTTPTestServer) async throws -> Void
  ) async throws {
    let authority = try TLSTestAuthority()
    let provider = try TLSServerContextProvider(
      TLSServerConfiguration(
        credentials: try authority.server().credentials,
        applicationProtocols: RPCServer.applicationProtocols))
    try await TestServer.run(
      limits: limits, security: .tls(provider), interceptors: interceptors, logger: logger
    ) { try await body(HTTPTestServer(authority: authority, server: $0)) }
  }

  /// A connection of HTTP/2, after its preface.
  func connect(settings: [UInt8] = []) async throws -> HTTPSocket {
    try await HTTPSocket(authority, port: server.port, settings: settings)
  }

  /// Fails unless the server still serves.
  func expectServing() async throws {
    let socket = try await connect()
    try await socket.send(.call(1), .body(1, try Echo.request("still here")))
    let response = try await socket.response(1)
    #expect(response.fields["grpc-status"] == "0")
    #expect(Echo.text(response.body) == "still here")
    try await socket.close()
  }
}
