import NIOCore
import RPCCore
import Testing

@testable import RPCTransport

@Suite("Frame decoder")
struct FrameDecoderTests {
  private static let server = FrameLimits(
    server: ServerLimits(headerBytes: 300, messageBytes: 2_000))
  private static let client = FrameLimits(
    client: ClientLimits(messageBytes: 2_000, statusBytes: 300))

  private static let conversation: [Frame] = [
    Frame(.call, callID: 1, payload: Array("header".utf8)),
    Frame(.message, flags: .end, callID: 1, payload: [UInt8](repeating: 7, count: 300)),
    Frame(.ping, payload: [0, 0, 0, 0, 0, 0, 0, 9]),
    Frame(.call, callID: 0xFFFF_FFFF, payload: []),
    Frame(.message, callID: 2, payload: []),
    Frame(.message, flags: [.end, .bare], callID: 2, payload: []),
    Frame(.credit, callID: 2, payload: [0, 1, 0, 0]),
    Frame(.cancel, callID: 2, payload: []),
    Frame(.pong, payload: [1, 2, 3, 4, 5, 6, 7, 8]),
    Frame(.goAway, payload: [1, 2, 3])
  ]

  @Test("cuts the same frames out of the bytes wherever they are split in two")
  func everySplit() throws {
    let bytes = Self.conversation.bytes
    for split in 0...bytes.count {
      var decoder = FrameDecoder(limits: Self.server)
      var frames: [Frame] = []
      for part in [bytes[..<split], bytes[split...]] where !part.isEmpty {
        decoder.append(ByteBuffer(bytes: part))
        while let frame = try decoder.next() { frames.append(frame) }
      }
      #expect(frames == Self.conversation, "split at \(split)")
    }
  }

  @Test(
    "cuts the same frames out of pieces of any one size", arguments: [1, 2, 3, 7, 11, 12, 13, 64])
  func pieces(size: Int) throws {
    let bytes = Self.conversation.bytes
    var decoder = FrameDecoder(limits: Self.server)
    var frames: [Frame] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      decoder.append(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
      while let frame = try decoder.next() { frames.append(frame) }
    }
    #expect(frames == Self.conversation)
    #expect(decoder.keptBytes == 0)
  }

  @Test("keeps frames it gave out intact while it takes in more")
  func slicesStayIntact() throws {
    var decoder = FrameDecoder(limits: Self.server)
    let first = Frame(.message, callID: 1, payload: [UInt8](repeating: 1, count: 100))
    let second = Frame(.message, callID: 1, payload: [UInt8](repeating: 2, count: 100))
    let bytes = [first, second].bytes
    decoder.append(ByteBuffer(bytes: bytes[..<150]))
    let given = try #require(try decoder.next())
    decoder.append(ByteBuffer(bytes: bytes[150...]))
    #expect(try decoder.next() == second)
    #expect(given == first)
  }

  @Test(
    "refuses an oversized frame on its header alone",
    arguments: [
      (FrameKind.call, 301, true), (.message, 2_001, true), (.goAway, 4_097, true),
      (.message, Int(UInt32.max), true), (.message, 2_001, false), (.status, 301, false),
      (.goAway, 4_097, false)
    ])
  func oversized(kind: FrameKind, length: Int, isServer: Bool) throws {
    var decoder = FrameDecoder(limits: isServer ? Self.server : Self.client)
    let flags: FrameFlags = kind == .status ? .end : []
    decoder.append(.header(kind, flags: flags, callID: kind == .goAway ? 0 : 1, length: length))
    #expect {
      try decoder.next()
    } throws: { error in
      (error as? ConnectionError)?.code == .resourceExhausted
    }
  }

  @Test(
    "takes a frame that is exactly as large as allowed",
    arguments: [(FrameKind.call, 300, true), (.message, 2_000, true), (.status, 300, false)])
  func atLimit(kind: FrameKind, length: Int, isServer: Bool) throws {
    var decoder = FrameDecoder(limits: isServer ? Self.server : Self.client)
    let frame = Frame(
      kind, flags: kind == .status ? .end : [], callID: 1,
      payload: [UInt8](repeating: 0, count: length))
    decoder.append(ByteBuffer(bytes: [frame].bytes))
    #expect(try decoder.next() == frame)
  }

  @Test(
    "refuses a header that breaks a rule",
    arguments: [
      ("a kind that does not exist", [0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1]),
      ("kind zero", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
      ("reserved bits", [0, 0, 0, 0, 4, 0, 0, 1, 0, 0, 0, 1]),
      ("a status from a client", [0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 1]),
      ("a call without id", [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]),
      ("a ping on a call", [0, 0, 0, 8, 6, 0, 0, 0, 0, 0, 0, 1]),
      ("a cancel with payload", [0, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0, 1]),
      ("a short credit", [0, 0, 0, 3, 5, 0, 0, 0, 0, 0, 0, 1]),
      ("a short ping", [0, 0, 0, 7, 6, 0, 0, 0, 0, 0, 0, 0]),
      ("an unknown flag", [0, 0, 0, 0, 2, 4, 0, 0, 0, 0, 0, 1]),
      ("a call with flags", [0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1]),
      ("a bare message without end", [0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 1]),
      ("a bare message with payload", [0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 1]),
      ("HTTP", Array("GET / HTTP/1.1".utf8))
    ] as [(String, [UInt8])])
  func brokenHeader(what: String, bytes: [UInt8]) {
    var decoder = FrameDecoder(limits: Self.server)
    decoder.append(ByteBuffer(bytes: bytes))
    #expect(throws: ConnectionError.self, "\(what)") { try decoder.next() }
  }

  @Test("needs the whole header before it judges")
  func partialHeader() throws {
    var decoder = FrameDecoder(limits: Self.server)
    decoder.append(ByteBuffer(bytes: [0xFF, 0xFF, 0xFF, 0xFF, 99, 0, 0, 0, 0, 0, 0]))
    #expect(try decoder.next() == nil)
    decoder.append(ByteBuffer(bytes: [1]))
    #expect(throws: ConnectionError.self) { try decoder.next() }
  }

  @Test("reads any bytes without a crash", arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
  func noise(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      var decoder = FrameDecoder(limits: Self.server)
      var bytes = (0..<64).map { _ in UInt8.random(in: 0...3, using: &generator) }
      bytes[Int.random(in: 0..<64, using: &generator)] = .random(in: 0...255, using: &generator)
      decoder.append(ByteBuffer(bytes: bytes))
      while let frame = try? decoder.next() { #expect(frame.payload.readableBytes <= 64) }
    }
  }
}
