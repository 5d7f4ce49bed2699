import FoundationEssentials
import Testing

@testable import ClinicServer

@Suite("Signing key ring")
struct SigningKeyRingTests {
  let start = Date(timeIntervalSince1970: 1_790_000_000)

  @Test("makes a first key that signs at once, and then nothing for a month")
  func firstKey() throws {
    let first = try #require(SigningKeyRing([]).rotated(at: start))
    let ring = SigningKeyRing([first])
    #expect(first.privateKey.count == 32)
    #expect(ring.signingRecord(at: start) == first)
    #expect(ring.rotated(at: start) == nil)
    #expect(ring.rotated(at: start + 29.9 * 86_400) == nil)
    #expect(!"\(first)".contains("privateKey") && Mirror(reflecting: first).children.count == 1)
  }

  @Test(
    "hands over through a year without a moment that has no key, or a token that dies early",
    arguments: [3600, 43_200, 80_000] as [Double])
  func yearOfRotation(interval: Double) throws {
    var records: [SigningKeyRecord] = []
    var made = 0
    for now in stride(from: start, to: start + 365 * 86_400, by: max(interval, 900)) {
      records.removeAll { $0.retires <= now }
      if let fresh = SigningKeyRing(records).rotated(at: now) {
        // Known for an hour before it signs, unless it is the first.
        if made > 0 { #expect(fresh.activates >= now + 3600) }
        records.append(fresh)
        made += 1
      }
      let ring = SigningKeyRing(records)
      let signing = try #require(ring.signingRecord(at: now))
      #expect(ring.verifyingRecord(id: signing.id, at: now + 3600) != nil)
      #expect(ring.rotated(at: now) == nil)
      #expect(records.count <= 3)
    }
    #expect((11...14).contains(made))
  }

  @Test("signs with the newest active key, and verifies with one that is not active yet")
  func picksTheNewest() throws {
    func record(_ activates: Double, _ retires: Double) -> SigningKeyRecord {
      SigningKeyRecord(
        created: start, activates: start + activates, retires: start + retires)
    }
    let records = [record(0, 100), record(50, 200), record(80, 300)]
    let ring = SigningKeyRing(records.shuffled())
    #expect(ring.signingRecord(at: start + 60) == records[1])
    #expect(ring.signingRecord(at: start + 90) == records[2])
    #expect(ring.signingRecord(at: start - 1) == nil)
    #expect(ring.verifyingRecord(id: records[2].id, at: start + 60) == records[2])
    #expect(ring.verifyingRecord(id: records[0].id, at: start + 99) == records[0])
    #expect(ring.verifyingRecord(id: records[0].id, at: start + 100) == nil)
    #expect(ring.verifyingRecord(id: UUIDv7.make(), at: start) == nil)
  }

  @Test("passes over records that hold no key")
  func skipsNonsense() {
    var record = SigningKeyRecord(created: start, activates: start, retires: start + 100)
    record.privateKey = [1, 2, 3]
    #expect(SigningKeyRing([record]).signingRecord(at: start) == nil)
    #expect(SigningKeyRing([record]).rotated(at: start) != nil)
  }
}
