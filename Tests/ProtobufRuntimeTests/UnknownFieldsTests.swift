import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Unknown fields")
struct UnknownFieldsTests {
  @Test(
    "of every wire type survive a decode and encode",
    arguments: [
      [0xa0, 6, 0x96, 1], [0xa1, 6, 1, 2, 3, 4, 5, 6, 7, 8], [0xa2, 6, 3, 1, 2, 3], [0xa2, 6, 0],
      [0xa5, 6, 1, 2, 3, 4], [0xa3, 6, 0xa4, 6], [0xa3, 6, 0x08, 1, 0x13, 0x14, 0xa4, 6],
      [0xf8, 0xff, 0xff, 0xff, 0x0f, 1]
    ] as [[UInt8]])
  func everyWireType(_ bytes: [UInt8]) throws {
    let message = try Nothing(serializedBytes: bytes)
    #expect(message.unknownFields.bytes == bytes)
    #expect(try message.serializedBytes() == bytes)
    let twice = try Nothing(serializedBytes: bytes + bytes)
    #expect(try twice.serializedBytes() == bytes + bytes)
  }

  @Test("stay with the message that they came in")
  func nested() throws {
    let newer = OptionalScalars(int32Value: 1, scalars: Scalars(int32Value: 2, stringValue: "x"))
    let known = try newer.serializedBytes()
    // Seen through a contract that lacks all of these fields, and back.
    let older = try Nothing(serializedBytes: known)
    #expect(try OptionalScalars(serializedBytes: older.serializedBytes()) == newer)
  }

  @Test("follow the known fields in their order")
  func order() throws {
    let bytes: [UInt8] = [0xa0, 6, 1, 0x18, 5, 0xa8, 6, 2]
    let message = try Scalars(serializedBytes: bytes)
    #expect(message.int32Value == 5)
    #expect(try message.serializedBytes() == [0x18, 5, 0xa0, 6, 1, 0xa8, 6, 2])
  }

  @Test("by the million are kept in bounded memory")
  func million() throws {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3_000_000)
    for index in 0..<1_000_000 { bytes += [0xa0, 6, UInt8(index & 0x7f)] }
    // 16 MiB would not hold a record for each of them.
    let limits = DecodingLimits(memoryBudget: 16 << 20)
    let message = try Scalars(serializedBytes: bytes, limits: limits)
    #expect(message.unknownFields.bytes == bytes)
    #expect(try message.serializedBytes() == bytes)
  }

  @Test("get the short form of their tag, however they come")
  func longTags() throws {
    let long: [UInt8] = [0xfa, 0x00, 1, 7]
    let short: [UInt8] = [0x7a, 1, 7]
    #expect(try Nothing(serializedBytes: long).unknownFields.bytes == short)
    let group: [UInt8] = [0xa3, 6, 0xa4, 6]
    #expect(try Nothing(serializedBytes: long + group).unknownFields.bytes == short + group)
  }

  @Test("make messages unequal")
  func equality() throws {
    #expect(try Nothing(serializedBytes: [0xa0, 6, 1]) != Nothing())
  }
}
