import FixtureContracts
import Foundation
import NIOCore
import ProtobufRuntime
import RPCCore
import Testing

@testable import RPCTransport

@Suite("The examples of PROTOCOL.md")
struct ProtocolExampleTests {
  /// The bytes of an example in the document.
  private func example(_ name: String) throws -> [UInt8] {
    var folder = URL(filePath: #filePath)
    while !FileManager.default.fileExists(
      atPath: folder.appending(path: "Proto/PROTOCOL.md").path)
    {
      folder = folder.deletingLastPathComponent()
    }
    let text = try String(
      contentsOf: folder.appending(path: "Proto/PROTOCOL.md"), encoding: .utf8)
    let start = try #require(text.range(of: "```hex \(name)\n"))
    let end = try #require(text.range(of: "```", range: start.upperBound..<text.endIndex))
    return try text[start.upperBound..<end.lowerBound]
      .split(whereSeparator: \.isWhitespace)
      .map { try #require(UInt8($0, radix: 16)) }
  }

  private func server(_ bytes: [UInt8]) throws -> [Frame] {
    try decode(bytes, FrameLimits(server: ServerLimits()))
  }

  private func client(_ bytes: [UInt8]) throws -> [Frame] {
    try decode(bytes, FrameLimits(client: ClientLimits()))
  }

  private func decode(_ bytes: [UInt8], _ limits: FrameLimits) throws -> [Frame] {
    var decoder = FrameDecoder(limits: limits)
    decoder.append(ByteBuffer(bytes: bytes))
    var frames: [Frame] = []
    while let frame = try decoder.next() { frames.append(frame) }
    #expect(decoder.keptBytes == 0)
    return frames
  }

  @Test("a unary call, as a client sends it")
  func clientUnary() throws {
    let bytes = try example("client-unary")
    let frames = try server(bytes)
    let opening = CallOpening(
      method: EchoService.Methods.echo.path, timeoutMicroseconds: 5_000_000)
    #expect(frames[0] == Frame(.call, callID: 1, payload: opening.serializedBytes()))
    #expect(try frames[1] == .message(EchoRequest(text: "hi"), 1))
    var written = ByteBuffer()
    for frame in frames {
      frame.payload.withUnsafeReadableBytes {
        written.writeFrame(
          frame.header.kind, flags: frame.header.flags, callID: frame.header.callID, payload: $0)
      }
    }
    #expect(Array(written.readableBytesView) == bytes)
  }

  @Test("a unary call, as a server answers it")
  func serverUnary() throws {
    let frames = try client(try example("server-unary"))
    #expect(frames.map(\.header.kind) == [.message, .status])
    #expect(try EchoResponse(serializedBytes: frames[0].payloadBytes).text == "hi")
    #expect(try frames[1].ending == nil)
  }

  @Test("a client stream without messages")
  func emptyStream() throws {
    let frames = try server(try example("client-empty-stream"))
    #expect(frames[0] == .call(EchoService.Methods.collect, 2))
    #expect(frames[1] == Frame(.message, flags: [.end, .bare], callID: 2, payload: []))
  }

  @Test("frames that steer")
  func control() throws {
    var written = ByteBuffer()
    written.writeFrame(.cancel, callID: 3)
    written.writeCredit(131_072, callID: 4)
    written.writeSignOfLife(.ping, 1)
    #expect(try Array(written.readableBytesView) == example("client-control"))
    #expect(try server(example("client-control")).count == 3)
  }

  @Test("an error")
  func error() throws {
    let error = RPCError(
      code: .notFound, message: "No such patient",
      requestID: "0190a7b2-1111-7000-8000-00000000000a")
    let frame = Frame(
      .status, flags: .end, callID: 5, payload: CallEnding(error: error).serializedBytes())
    #expect(try frame.bytes == example("server-error"))
    #expect(try client(example("server-error")).first?.ending?.code == .notFound)
  }

  @Test("the end of a connection, graceful and not")
  func farewells() throws {
    let graceful = Farewell(lastCallID: 5, code: .ok, message: "The server is stopping")
    #expect(
      try Frame(.goAway, payload: graceful.serializedBytes()).bytes == example("server-goaway"))
    var decoder = FrameDecoder(limits: FrameLimits(server: ServerLimits()))
    decoder.append(ByteBuffer(string: "GET / HTTP/1.1\r\n"))
    do throws(ConnectionError) {
      _ = try decoder.next()
      Issue.record("HTTP was accepted")
    } catch {
      let farewell = Farewell(lastCallID: 0, code: error.code, message: error.message)
      #expect(
        try Frame(.goAway, payload: farewell.serializedBytes()).bytes == example("server-garbage"))
    }
  }

  @Test("the numbers in the text are those of the code")
  func numbers() {
    #expect(FlowControl.initialWindow == 262_144)
    #expect(FrameKind.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7, 8])
    let limits = ServerLimits()
    #expect(limits.connections == 16_384)
    #expect(limits.callsPerConnection == 256)
    #expect(limits.headerBytes == 16_384)
    #expect(limits.metadataEntries == 64)
    #expect(limits.messageBytes == 4_194_304)
    #expect(limits.connectionBytes == 16_777_216)
    #expect(limits.idleTimeout == .seconds(600))
    #expect(limits.keepAliveInterval == .seconds(60))
    #expect(limits.keepAliveTimeout == .seconds(20))
    #expect(FrameLimits.goAwayBytes == 4_096)
  }
}
