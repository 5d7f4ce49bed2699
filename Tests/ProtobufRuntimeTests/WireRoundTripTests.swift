import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Binary codec")
struct WireRoundTripTests {
  @Test("decodes what it encoded", arguments: Sample.all)
  func roundTrip(_ sample: Sample) throws {
    func check<M: Message>(_ message: M) throws {
      let bytes = try message.serializedBytes()
      #expect(try M(serializedBytes: bytes) == message)
      #expect(try message.withSerializedBytes { Array($0) } == bytes)
      #expect(try message.serializedSize() == bytes.count)
      #expect(try message.serializedSizeBound() >= bytes.count)
    }
    try check(sample.message)
  }

  @Test(
    "decodes protoc's bytes", .enabled(if: ProtocWitness.path != nil, "protoc is not installed"),
    arguments: Sample.all)
  func decodesWitness(_ sample: Sample) throws {
    func check<M: Message>(_ message: M) throws {
      let bytes = try ProtocWitness.encode(sample.text, as: sample.name, in: sample.file)
      #expect(try M(serializedBytes: bytes) == message)
    }
    try check(sample.message)
  }

  @Test(
    "encodes what protoc decodes",
    .enabled(if: ProtocWitness.path != nil, "protoc is not installed"), arguments: Sample.all)
  func encodesForWitness(_ sample: Sample) throws {
    let theirs = try ProtocWitness.encode(sample.text, as: sample.name, in: sample.file)
    let expected = try ProtocWitness.decode(theirs, as: sample.name, in: sample.file)
    let ours = try sample.message.serializedBytes()
    #expect(try ProtocWitness.decode(ours, as: sample.name, in: sample.file) == expected)
  }

  @Test("encodes equal messages as equal bytes, whatever the order of their maps")
  func deterministic() throws {
    let keys = (0..<200).map { "key \($0)" }
    var forward = Maps()
    var backward = Maps()
    for key in keys { forward.byString[key] = key }
    for key in keys.reversed() { backward.byString[key] = key }
    #expect(try forward.serializedBytes() == backward.serializedBytes())
  }

  @Test("keeps the sign of zero")
  func negativeZero() throws {
    let message = Scalars(doubleValue: -0.0, floatValue: -0.0)
    let copy = try Scalars(serializedBytes: message.serializedBytes())
    #expect(copy.doubleValue.sign == .minus)
    #expect(copy.floatValue.sign == .minus)
    let map = try Maps(serializedBytes: Maps(ratios: ["z": -0.0]).serializedBytes())
    #expect(map.ratios["z"]?.sign == .minus)
  }

  @Test("keeps every bit of a NaN")
  func nan() throws {
    let nan = Double(bitPattern: 0xfff8_0000_0000_0123)
    let copy = try Scalars(serializedBytes: Scalars(doubleValue: nan).serializedBytes())
    #expect(copy.doubleValue.bitPattern == nan.bitPattern)
  }

  @Test("reads packed and unpacked lists alike, also mixed")
  func packing() throws {
    let values: [Int32] = [1, 300, -1]
    let packed = try RepeatedScalars(int32Values: values).serializedBytes()
    let unpacked = try UnpackedScalars(int32Values: values).serializedBytes()
    #expect(packed.count < unpacked.count)
    #expect(try UnpackedScalars(serializedBytes: packed).int32Values == values)
    #expect(try RepeatedScalars(serializedBytes: unpacked).int32Values == values)
    #expect(
      try RepeatedScalars(serializedBytes: packed + unpacked).int32Values == values + values)
  }

  @Test("takes the last value of a scalar that occurs twice")
  func lastOneWins() throws {
    let twice =
      try Scalars(int32Value: 1).serializedBytes() + Scalars(int32Value: 2).serializedBytes()
    #expect(try Scalars(serializedBytes: twice).int32Value == 2)
  }

  @Test("takes the last entry of a map key that occurs twice")
  func lastEntryWins() throws {
    let twice =
      try Maps(byString: ["k": "a"]).serializedBytes()
      + Maps(byString: ["k": "b"]).serializedBytes()
    #expect(try Maps(serializedBytes: twice).byString == ["k": "b"])
  }

  @Test("takes the last member of a oneof")
  func lastMemberWins() throws {
    let both =
      try Choices(first: .text("a")).serializedBytes()
      + Choices(first: .number(1)).serializedBytes()
    #expect(try Choices(serializedBytes: both).first == .number(1))
  }

  @Test("keeps an enum value that the contract does not name")
  func openEnum() throws {
    let bytes = try Scalars(colorValue: .unrecognized(77)).serializedBytes()
    #expect(try Scalars(serializedBytes: bytes).colorValue == .unrecognized(77))
    #expect(Color(rawValue: 1) == .crimson)
    #expect(!Color(rawValue: 77).isRecognized)
  }

  @Test("encodes a long list in one go", arguments: [0, 1, 127, 128, 16_384, 300_000])
  func longLists(_ count: Int) throws {
    let message = RepeatedScalars(
      int32Values: (0..<count).map { Int32(truncatingIfNeeded: $0 &* 7_919) },
      stringValues: (0..<min(count, 20_000)).map(String.init))
    #expect(try RepeatedScalars(serializedBytes: message.serializedBytes()) == message)
  }

  @Test("keeps long strings and bytes", arguments: [14, 15, 16, 127, 128, 70_000, 3_000_000])
  func longStrings(_ count: Int) throws {
    let message = Scalars(
      stringValue: String(repeating: "é", count: count),
      bytesValue: [UInt8](repeating: 7, count: count))
    #expect(try Scalars(serializedBytes: message.serializedBytes()) == message)
  }
}
