import NIOCore
import NIOEmbedded
import RPCTransport
import Testing

@testable import RPCTransport

@Suite("TLS writes")
struct TLSWriteTests {
  /// The lengths of the records in some ciphertext.
  private static func recordLengths(_ bytes: [UInt8]) -> [Int] {
    var lengths: [Int] = []
    var rest = bytes[...]
    while rest.count >= 5 {
      let start = rest.startIndex
      let length = Int(rest[start + 3]) << 8 | Int(rest[start + 4])
      lengths.append(length)
      rest = rest.dropFirst(5 + length)
    }
    return lengths
  }

  /// Content type and tag that TLS 1.3 adds to a record.
  private static let overhead = 17

  @Test("the writes of one flush share a record")
  func coalescing() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    for byte in UInt8(0)..<100 {
      pair.client.channel.write(ByteBuffer(bytes: [byte]), promise: nil)
    }
    pair.client.channel.flush()
    let bytes = try pair.client.takeOutput()
    #expect(Self.recordLengths(bytes) == [100 + Self.overhead])
    try pair.server.receive(bytes)
    #expect(pair.server.recorder.bytes == Array(0..<100))
    #expect(pair.server.recorder.reads == 1)
  }

  @Test("a big write fills its records")
  func bigWrite() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    pair.client.send([UInt8](repeating: 1, count: 100_000))
    let full = 16_384 + Self.overhead
    let lengths = try Self.recordLengths(pair.client.takeOutput())
    #expect(lengths == [full, full, full, full, full, full, 100_000 - 6 * 16_384 + Self.overhead])
  }

  @Test(
    "big and small writes stay in order",
    arguments: [0, 1, 100, 16_383, 16_384, 16_385, 70_000, 200_000])
  func order(size: Int) throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    var expected: [UInt8] = []
    for (index, count) in [3, size, 5, size, size, 7].enumerated() {
      let bytes = [UInt8](repeating: UInt8(index), count: count)
      expected += bytes
      pair.client.channel.write(ByteBuffer(bytes: bytes), promise: nil)
    }
    pair.client.channel.flush()
    try pair.carry()
    #expect(pair.server.recorder.bytes == expected)
  }

  @Test("every write's promise succeeds, in order, also when writes share a record")
  func promises() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    nonisolated(unsafe) var done: [Int] = []
    for (index, count) in [1, 0, 20_000, 3, 3, 70_000, 2].enumerated() {
      let promise = pair.loop.makePromise(of: Void.self)
      promise.futureResult.whenSuccess { done.append(index) }
      pair.client.channel.write(ByteBuffer(repeating: 7, count: count), promise: promise)
    }
    #expect(done == [])
    pair.client.channel.flush()
    #expect(done.sorted() == Array(0..<7))
  }

  @Test("what is not flushed is not sent")
  func unflushed() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    pair.client.channel.write(ByteBuffer(string: "a"), promise: nil)
    #expect(try pair.client.takeOutput().isEmpty)
    pair.client.channel.flush()
    pair.client.channel.write(ByteBuffer(string: "b"), promise: nil)
    try pair.carry()
    #expect(pair.server.recorder.bytes == Array("a".utf8))
  }

  @Test("nothing is encrypted while the channel is not writable")
  func backpressure() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    pair.client.channel.isWritable = false
    pair.client.send(Array("later".utf8))
    #expect(try pair.client.takeOutput().isEmpty)
    pair.client.channel.isWritable = true
    pair.client.channel.pipeline.fireChannelWritabilityChanged()
    try pair.carry()
    #expect(pair.server.recorder.bytes == Array("later".utf8))
  }

  @Test("a close while not writable still sends what was flushed, then says goodbye")
  func closeUnderBackpressure() throws {
    let pair = try TLSTestPair()
    try pair.handshake()
    pair.client.channel.isWritable = false
    pair.client.send(Array("last words".utf8))
    let unflushed = pair.client.channel.write(ByteBuffer(string: "never flushed"))
    pair.client.channel.close(promise: nil)
    #expect(throws: TLSError.self) { try unflushed.wait() }
    #expect(pair.client.channel.isActive)
    pair.client.channel.isWritable = true
    pair.client.channel.pipeline.fireChannelWritabilityChanged()
    try TLSTestPair.deliver(pair.client.takeOutput(), to: pair.server)
    #expect(pair.server.recorder.bytes == Array("last words".utf8))
    #expect(pair.server.recorder.errors.isEmpty, "no truncation")
    #expect(!pair.server.channel.isActive)
  }

  @Test("a close does not wait for a channel that never becomes writable again")
  func closeTimeout() throws {
    let pair = try TLSTestPair(limits: TLSConnectionLimits(closeTimeout: .seconds(2)))
    try pair.handshake()
    pair.client.channel.isWritable = false
    let write = pair.client.channel.writeAndFlush(ByteBuffer(string: "stuck"))
    let close = pair.client.channel.close()
    pair.loop.advanceTime(by: .milliseconds(1_999))
    #expect(pair.client.channel.isActive)
    pair.loop.advanceTime(by: .milliseconds(1))
    #expect(!pair.client.channel.isActive)
    #expect(throws: TLSError.self) { try write.wait() }
    try close.wait()
  }
}
