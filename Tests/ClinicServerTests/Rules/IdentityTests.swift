import FoundationEssentials
import Testing

@testable import ClinicServer

@Suite("UUIDs of version 7")
struct UUIDv7Tests {
  @Test("have the version, the variant and the time of RFC 9562")
  func layout() throws {
    var generator = UUIDv7.Generator()
    let id = generator.next(at: 0x0192_3456_789A, random: .max, seed: 0xFFFF)
    #expect(id.text == "01923456-789a-77ff-bfff-ffffffffffff")
    #expect(UUIDv7.milliseconds(of: id) == 0x0192_3456_789A)
    #expect(
      UUIDv7.milliseconds(of: try #require(UUID(text: "01923456-789a-47ff-bfff-ffffffffffff")))
        == nil)
    #expect(UUIDv7.lowerBound(milliseconds: 0x0192_3456_789A).text < id.text)
    #expect(UUIDv7.lowerBound(milliseconds: 0x0192_3456_789B).text > id.text)
  }

  @Test("grow within a millisecond, past the end of its counter, and when the clock goes back")
  func grows() {
    var generator = UUIDv7.Generator()
    var last = ""
    for index in 0..<20_000 {
      let now: UInt64 = index < 10_000 ? 1000 : index < 15_000 ? 500 : 1001
      let id = generator.next(at: now, random: .random(in: 0...UInt64.max), seed: 0xFFFF).text
      #expect(id > last)
      last = id
    }
  }

  @Test("are unique and in order for each of many tasks at once")
  func concurrent() async {
    let all = await withTaskGroup(of: [UUID].self) { group in
      for _ in 0..<8 { group.addTask { (0..<5000).map { _ in UUIDv7.make() } } }
      return await group.reduce(into: [[UUID]]()) { $0.append($1) }
    }
    for ids in all { #expect(ids.map(\.text) == ids.map(\.text).sorted()) }
    #expect(Set(all.joined()).count == 40_000)
  }

  @Test(
    "are read in lower and upper case, and in no other form",
    arguments: [
      ("0192A4F0-7b3c-7DEF-8abc-0123456789AB", true), ("", false),
      ("0192a4f07b3c7def8abc0123456789ab", false),
      ("{0192a4f0-7b3c-7def-8abc-0123456789ab}", false),
      ("0192a4f0-7b3c-7def-8abc-0123456789ag", false),
      ("0192a4f0-7b3c-7def-8abc-0123456789a", false),
      ("0192a4f0_7b3c-7def-8abc-0123456789ab", false),
      ("0192a4f-07b3c-7def-8abc-0123456789ab", false),
      ("é192a4f0-7b3c-7def-8abc-012345678ab", false),
      ("0192a4f0-7b3c-7def-8abc--123456789ab", false)
    ])
  func text(text: String, isRead: Bool) {
    #expect((UUID(text: text) != nil) == isRead)
    if isRead { #expect(UUID(text: text)?.text == text.lowercased()) }
  }
}

@Suite("Version tags")
struct VersionTagTests {
  @Test("come back as the version", arguments: [1, 35, 36, 1_000_000, Int64.max])
  func roundTrip(version: Int64) {
    #expect(VersionTag.version(VersionTag.text(version)) == version)
    #expect(VersionTag.text(version).utf8.count <= 64)
  }

  @Test(
    "are not read from anything that the server did not make",
    arguments: ["", "v", "v0", "v-1", "v01", "V1", "1", "vA", "v1 ", "v+1", "vzzzzzzzzzzzzzzzz"])
  func refuses(text: String) {
    #expect(VersionTag.version(text) == nil)
  }
}
