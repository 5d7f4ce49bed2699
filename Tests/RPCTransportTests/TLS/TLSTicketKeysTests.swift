import Testing

@testable import RPCTransport

@Suite("TLS ticket keys")
struct TLSTicketKeysTests {
  private let hour = Int64(TLSPolicy.sessionLifetime)

  private func find(_ key: TLSTicketKeys.Key, in keys: TLSTicketKeys, now: Int64) -> Bool {
    key.name.withUnsafeBufferPointer { keys.key(named: $0, now: now) != nil }
  }

  @Test("a key seals tickets for one lifetime, then there is another")
  func rotation() throws {
    let keys = TLSTicketKeys()
    let first = try #require(keys.current(now: 0))
    #expect(
      first.name.count == 16 && first.encryption.count == 32 && first.authentication.count == 32)
    #expect(keys.current(now: self.hour - 1)?.name == first.name)
    let second = try #require(keys.current(now: self.hour))
    #expect(second.name != first.name)
    #expect(second.encryption != first.encryption)
    #expect(second.authentication != first.authentication)
  }

  @Test("the key before the current one still opens tickets, as long as they live")
  func previous() throws {
    let keys = TLSTicketKeys()
    let first = try #require(keys.current(now: 0))
    _ = keys.current(now: self.hour)
    #expect(self.find(first, in: keys, now: self.hour))
    #expect(self.find(first, in: keys, now: 2 * self.hour - 1))
    #expect(!self.find(first, in: keys, now: 2 * self.hour))
    _ = keys.current(now: 2 * self.hour)
    #expect(!self.find(first, in: keys, now: 0), "only two are kept")
  }

  @Test("an unknown name opens nothing")
  func unknown() {
    let keys = TLSTicketKeys()
    _ = keys.current(now: 0)
    [UInt8](repeating: 0, count: 16).withUnsafeBufferPointer {
      #expect(keys.key(named: $0, now: 0) == nil)
    }
  }
}
