import FixtureContracts
import ProtobufRuntime
import Testing

@Suite("Fuzzed input")
struct FuzzTests {
  /// Numbers from a seed, so that a failure can be repeated.
  struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  private static let types: [any Message.Type] = [
    Scalars.self, OptionalScalars.self, RepeatedScalars.self, UnpackedScalars.self, Choices.self,
    Maps.self, Outer.self, Tree.self, Ping.self, Nothing.self, Known.self
  ]

  /// What decodes must encode, and decode to the same again.
  private func check(_ bytes: [UInt8], as type: any Message.Type) throws {
    func check<M: Message>(_ type: M.Type) throws {
      let message: M
      do throws(CodecError) {
        message = try M(serializedBytes: bytes)
      } catch {
        return
      }
      let encoded = try message.serializedBytes()
      let copy = try M(serializedBytes: encoded)
      #expect(try copy.serializedBytes() == encoded)
      _ = message.description
      if let json = try? message.jsonUTF8() { _ = try M(jsonUTF8: json) }
    }
    try check(type)
  }

  @Test("of random bytes is refused or kept")
  func randomBytes() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("Seed of random bytes: \(seed)")
    var random = Random(state: seed)
    for _ in 0..<4_000 {
      let count = Int.random(in: 0...60, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      for type in Self.types { try check(bytes, as: type) }
    }
  }

  @Test("of messages with changed bytes is refused or kept")
  func mutations() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("Seed of mutations: \(seed)")
    var random = Random(state: seed)
    for sample in Sample.all {
      let original = try sample.message.serializedBytes()
      guard !original.isEmpty else { continue }
      for _ in 0..<300 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let index = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0..<4, using: &random) {
          case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
          case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
          case 2: bytes.insert(bytes[index], at: index)
          default: if bytes.count > 1 { bytes.remove(at: index) }
          }
        }
        // Two halves of different messages meet in merges.
        if Bool.random(using: &random) { bytes += original }
        try check(bytes, as: sample.type)
      }
    }
  }

  @Test("of JSON is refused or kept")
  func json() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("Seed of JSON: \(seed)")
    var random = Random(state: seed)
    let alphabet = Array(#"{}[]",:\u0123456789eE+-.tfn /"#.utf8)
    for sample in Sample.all {
      func check<M: Message>(_ message: M) throws {
        let original = try message.jsonUTF8()
        #expect(try M(jsonUTF8: original) == message)
        for _ in 0..<300 {
          var bytes = original
          for _ in 0..<Int.random(in: 1...3, using: &random) {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            bytes[index] = alphabet.randomElement(using: &random) ?? 0
          }
          if let changed = try? M(jsonUTF8: bytes), let text = try? changed.jsonUTF8() {
            #expect(try M(jsonUTF8: text).jsonUTF8() == text)
          }
        }
      }
      try check(sample.message)
    }
  }
}
