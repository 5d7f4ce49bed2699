import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Malformed bytes")
struct MalformedBytesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let code: CodecError.Code
    var testDescription: String { name }

    init(_ name: String, _ bytes: [UInt8], _ code: CodecError.Code) {
      self.name = name
      self.bytes = bytes
      self.code = code
    }
  }

  static let cases: [Case] = [
    Case("a tag that is cut short", [0x80], .truncated),
    Case("a tag of six bytes", [0x98, 0x80, 0x80, 0x80, 0x80, 0], .invalidTag),
    Case("field number 0", [0x00, 0x01], .invalidTag),
    Case("field number 0, padded", [0x80, 0x00, 0x01], .invalidTag),
    Case("field number 2^29", [0x80, 0x80, 0x80, 0x80, 0x10, 0x01], .invalidTag),
    Case("field number 2^32 - 1", [0xf8, 0xff, 0xff, 0xff, 0x7f, 0x01], .invalidTag),
    Case("wire type 6", [0x1e, 0x01], .invalidTag),
    Case("wire type 7", [0x1f, 0x01], .invalidTag),
    Case("a varint without an end", [0x18, 0x80], .truncated),
    Case("a tag without a value", [0x18], .truncated),
    Case("a varint of eleven bytes", [0x18] + .init(repeating: 0x80, count: 10) + [1], .malformed),
    Case("a double that is cut short", [0x09, 1, 2, 3, 4, 5, 6, 7], .truncated),
    Case("a float that is cut short", [0x15, 1, 2, 3], .truncated),
    Case("a string that is cut short", [0x72, 5, 0x61, 0x62], .truncated),
    Case("a string without a length", [0x72], .truncated),
    Case("a length that is cut short", [0x72, 0x80], .truncated),
    Case("a length of 2 GiB", [0x72, 0x80, 0x80, 0x80, 0x80, 0x08], .tooLarge),
    Case("a length of six bytes", [0x72, 0x80, 0x80, 0x80, 0x80, 0x80, 0], .malformed),
    Case("a string with a stray continuation byte", [0x72, 1, 0x80], .invalidUTF8),
    Case("a string with a truncated sequence", [0x72, 2, 0xe6, 0xbc], .invalidUTF8),
    Case("a string with an overlong form", [0x72, 2, 0xc0, 0x80], .invalidUTF8),
    Case("a string with a surrogate", [0x72, 3, 0xed, 0xa0, 0x80], .invalidUTF8),
    Case("a string past U+10FFFF", [0x72, 4, 0xf4, 0x90, 0x80, 0x80], .invalidUTF8),
    Case("an end of a group without a start", [0xa4, 6], .malformed),
    Case("a group without an end", [0xa3, 6, 0x08, 1], .truncated),
    Case("a group with another's end", [0xa3, 6, 0xac, 6], .malformed)
  ]

  @Test("are refused with a typed error", arguments: cases)
  func refused(_ example: Case) {
    #expect(throws: CodecError(example.code)) { try Scalars(serializedBytes: example.bytes) }
    // The same inside of another message.
    let nested = [0x8a, 1, UInt8(example.bytes.count)] + example.bytes
    #expect(throws: CodecError.self) { try OptionalScalars(serializedBytes: nested) }
  }

  @Test(
    "are refused in packed fields",
    arguments: [
      Case("varints that end early", [0x1a, 2, 1, 0x80], .malformed),
      Case(
        "a varint of eleven bytes", [0x1a, 11] + .init(repeating: 0xff, count: 10) + [1], .malformed
      ),
      Case("doubles that do not divide", [0x0a, 7, 1, 2, 3, 4, 5, 6, 7], .malformed),
      Case("floats that do not divide", [0x12, 3, 1, 2, 3], .malformed),
      Case("more than there is", [0x1a, 3, 1], .truncated)
    ])
  func packed(_ example: Case) {
    #expect(throws: CodecError(example.code)) {
      try RepeatedScalars(serializedBytes: example.bytes)
    }
  }

  @Test("of every length are refused or kept, when a message is cut off")
  func everyPrefix() throws {
    for sample in Sample.all {
      func check<M: Message>(_ message: M) throws {
        let bytes = try message.serializedBytes()
        for count in 0..<bytes.count {
          if let part = try? M(serializedBytes: Array(bytes.prefix(count))) {
            _ = try part.serializedBytes()
          }
        }
      }
      try check(sample.message)
    }
  }

  @Test(
    "with a value of the wrong wire type are kept as unknown fields",
    arguments: [
      [0x1d, 1, 2, 3, 4], [0x19, 1, 2, 3, 4, 5, 6, 7, 8], [0x1a, 1, 5], [0x70, 5],
      [0x0d, 1, 2, 3, 4],
      [0x10, 1], [0x75, 1, 2, 3, 4], [0x6a, 1, 1], [0x1b, 0x08, 1, 0x1c]
    ] as [[UInt8]])
  func wrongWireType(_ bytes: [UInt8]) throws {
    let message = try Scalars(serializedBytes: bytes)
    #expect(message == Scalars.with { $0.unknownFields = message.unknownFields })
    #expect(message.unknownFields.bytes == bytes)
    #expect(try message.serializedBytes() == bytes)
  }
}
