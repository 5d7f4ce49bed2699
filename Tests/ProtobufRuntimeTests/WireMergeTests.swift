import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Merging of repeated occurrences")
struct WireMergeTests {
  /// The bytes of messages, one behind the other.
  private func joined(_ messages: any Message...) throws -> [UInt8] {
    try messages.flatMap { try $0.serializedBytes() }
  }

  @Test("merges a message field that occurs twice")
  func singular() throws {
    let bytes = try joined(
      OptionalScalars(scalars: Scalars(int32Value: 1, stringValue: "a")),
      OptionalScalars(int64Value: 5),
      OptionalScalars(scalars: Scalars(int32Value: 2, boolValue: true)))
    #expect(
      try OptionalScalars(serializedBytes: bytes)
        == OptionalScalars(
          int64Value: 5, scalars: Scalars(int32Value: 2, boolValue: true, stringValue: "a")))
  }

  @Test("merges at every depth, and appends lists and maps")
  func nested() throws {
    let bytes = try joined(
      Tree(left: Tree(left: Tree(value: 1), children: [Tree(value: 1)], named: ["a": Tree()])),
      Tree(left: Tree(left: Tree(right: Tree(value: 2)), children: [Tree(value: 2)])),
      Tree(left: Tree(value: 3, named: ["b": Tree()])))
    #expect(
      try Tree(serializedBytes: bytes)
        == Tree(
          left: Tree(
            value: 3, left: Tree(value: 1, right: Tree(value: 2)),
            children: [Tree(value: 1), Tree(value: 2)], named: ["a": Tree(), "b": Tree()])))
  }

  @Test("merges a message in a oneof, unless another member came between")
  func oneof() throws {
    let first = Choices(first: .scalars(Scalars(int32Value: 1)))
    let second = Choices(first: .scalars(Scalars(boolValue: true)))
    #expect(
      try Choices(serializedBytes: joined(first, second)).first
        == .scalars(Scalars(int32Value: 1, boolValue: true)))
    let other = Choices(first: .text("other"))
    #expect(
      try Choices(serializedBytes: joined(first, other, second)).first
        == .scalars(Scalars(boolValue: true)))
    #expect(try Choices(serializedBytes: joined(first, second, other)).first == .text("other"))
    #expect(
      try Choices(serializedBytes: joined(first, Choices(second: .only("x")), second))
        == Choices(first: .scalars(Scalars(int32Value: 1, boolValue: true)), second: .only("x")))
  }

  @Test("keeps unknown fields of all occurrences")
  func unknown() throws {
    // Field 17 (scalars), holding the unknown field 100: a varint of 1, then of 2.
    let bytes: [UInt8] = [0x8a, 1, 3, 0xa0, 6, 1, 0x8a, 1, 3, 0xa0, 6, 2]
    let message = try OptionalScalars(serializedBytes: bytes)
    #expect(message.scalars?.unknownFields.bytes == [0xa0, 6, 1, 0xa0, 6, 2])
  }

  @Test("merges a value message inside of a map entry")
  func mapValue() throws {
    // Field 18, an entry of key "k" and twice a value: int32_value 1, bool_value true.
    let bytes: [UInt8] = [0x92, 1, 11, 0x0a, 1, 0x6b, 0x12, 2, 0x18, 1, 0x12, 2, 0x68, 1]
    #expect(
      try Maps(serializedBytes: bytes).messages == ["k": Scalars(int32Value: 1, boolValue: true)])
  }

  @Test("merges in time that grows with the input")
  func many() throws {
    var bytes: [UInt8] = []
    for value in 0..<20_000 {
      bytes += try Tree(left: Tree(children: [Tree(value: Int64(value))])).serializedBytes()
    }
    #expect(try Tree(serializedBytes: bytes).left?.children.count == 20_000)
  }
}
