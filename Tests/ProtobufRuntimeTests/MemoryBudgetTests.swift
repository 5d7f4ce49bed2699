import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Memory budget")
struct MemoryBudgetTests {
  @Test("stops a message that swells when it is decoded")
  func swelling() throws {
    // Each empty message takes 2 bytes on the wire and some hundred in memory.
    let bytes = [UInt8](repeating: 0, count: 400_000).enumerated().map { index, _ in
      index.isMultiple(of: 2) ? UInt8(0x22) : 0
    }
    let small = DecodingLimits(memoryBudget: 1 << 20)
    #expect(throws: CodecError(.memoryBudgetExceeded)) {
      try Tree(serializedBytes: bytes, limits: small)
    }
    #expect(try Tree(serializedBytes: bytes).children.count == 200_000)
  }

  @Test("stops merging that copies too much")
  func merging() throws {
    let part = try Tree(left: Tree(children: [Tree(value: 1)])).serializedBytes()
    let bytes = Array(repeatElement(part, count: 100_000).joined())
    #expect(throws: CodecError(.memoryBudgetExceeded)) {
      try Tree(serializedBytes: bytes, limits: DecodingLimits(memoryBudget: 256 << 10))
    }
  }

  @Test("is whole again for the next message")
  func reuse() throws {
    let big = RepeatedScalars(stringValues: (0..<5_000).map { "value \($0)" })
    let bytes = try big.serializedBytes()
    let small = DecodingLimits(memoryBudget: 64 << 10)
    for _ in 0..<20 {
      #expect(throws: CodecError(.memoryBudgetExceeded)) {
        try RepeatedScalars(serializedBytes: bytes, limits: small)
      }
      #expect(try RepeatedScalars(serializedBytes: bytes) == big)
    }
  }

  @Test("is each call's own when calls are nested")
  func nested() throws {
    let outer = Scalars(stringValue: String(repeating: "outer", count: 100_000))
    let inner = Scalars(stringValue: String(repeating: "inner", count: 100_000))
    let expected = try outer.serializedBytes()
    let seen = try outer.withSerializedBytes { bytes in
      let copy = try Scalars(serializedBytes: inner.serializedBytes())
      #expect(copy == inner)
      return Array(bytes)
    }
    #expect(seen == expected)
  }

  @Test("holds on many threads at once")
  func threads() async {
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<64 {
        group.addTask {
          let message = RepeatedScalars(
            int32Values: [Int32(task)], stringValues: (0..<500).map { "\(task) \($0)" })
          return (0..<20).allSatisfy { _ in
            (try? RepeatedScalars(serializedBytes: message.serializedBytes())) == message
          }
        }
      }
      for await isEqual in group { #expect(isEqual) }
    }
  }
}
