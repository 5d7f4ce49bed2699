import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Nesting")
struct NestingTests {
  /// A tree of `depth` levels below the root, as bytes.
  private func nestedBytes(_ depth: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<depth {
      var length: [UInt8] = []
      var rest = bytes.count
      while rest >= 0x80 {
        length.append(UInt8(rest & 0x7f) | 0x80)
        rest >>= 7
      }
      bytes = [0x12] + length + [UInt8(rest)] + bytes
    }
    return bytes
  }

  @Test("is allowed up to the limit and refused past it", arguments: [1, 10, 100])
  func limit(_ depth: Int) throws {
    let limits = DecodingLimits(depth: depth)
    #expect(throws: Never.self) {
      try Tree(serializedBytes: nestedBytes(depth), limits: limits)
    }
    #expect(throws: CodecError(.tooDeep)) {
      try Tree(serializedBytes: nestedBytes(depth + 1), limits: limits)
    }
  }

  @Test("thousands of levels deep is refused, not a crash", arguments: [8_800, 40_000])
  func thousands(_ depth: Int) {
    #expect(throws: CodecError(.tooDeep)) { try Tree(serializedBytes: nestedBytes(depth)) }
  }

  @Test("of groups counts too")
  func groups() {
    #expect(throws: Never.self) {
      let bytes = [UInt8](repeating: 0x7b, count: 100) + [UInt8](repeating: 0x7c, count: 100)
      _ = try Nothing(serializedBytes: bytes)
    }
    #expect(throws: CodecError(.tooDeep)) {
      try Nothing(serializedBytes: [UInt8](repeating: 0x7b, count: 100_000))
    }
  }

  @Test("is limited while encoding")
  func encoding() throws {
    var tree = Tree(value: 1)
    for _ in 0..<100 { tree = Tree(left: tree) }
    #expect(try Tree(serializedBytes: tree.serializedBytes()) == tree)
    let deeper = Tree(left: tree)
    #expect(throws: CodecError(.tooDeep)) { try deeper.serializedBytes() }
  }

  @Test("that can be encoded can be decoded, also through maps")
  func maps() throws {
    var maps = Maps()
    for _ in 0..<50 { maps = Maps(maps: ["m": maps]) }
    #expect(try Maps(serializedBytes: maps.serializedBytes()) == maps)
    let deeper = Maps(maps: ["m": maps])
    #expect(throws: CodecError(.tooDeep)) { try deeper.serializedBytes() }
  }

  @Test("of JSON is limited")
  func json() {
    func text(_ depth: Int) -> String {
      String(repeating: #"{"left":"#, count: depth) + "{}" + String(repeating: "}", count: depth)
    }
    #expect(throws: Never.self) { try Tree(jsonString: text(99)) }
    #expect { try Tree(jsonString: text(20_000)) } throws: { error in
      (error as? JSONError)?.code == .tooDeep
    }
    let list = String(repeating: "[", count: 50_000)
    #expect { try ProtoValue(jsonString: list) } throws: { error in
      (error as? JSONError)?.code == .tooDeep
    }
  }
}
