import Testing

@testable import PostgresClient

@Suite("Lease pool bookkeeping")
struct LeasePoolTests {
  @Test("nobody overtakes those who wait")
  func fairness() {
    var pool = LeasePool<String>(maximum: 1, waiterLimit: 10)
    #expect(isWait(pool.acquire("a")))
    #expect(grows(&pool) == true)
    #expect(isWait(pool.acquire("b")))
    #expect(grows(&pool) == false)
    #expect(waiter(pool.connected(7)) == "a")
    #expect(isWait(pool.acquire("c")))
    #expect(waiter(pool.release(7)) == "b")
    #expect(waiter(pool.release(7)) == "c")
    #expect(waiter(pool.release(7)) == nil)
    #expect(pool.idle == [7])
  }

  @Test("no more connections are made than callers wait for, nor than allowed")
  func growth() {
    var pool = LeasePool<Int>(maximum: 3, waiterLimit: 10)
    for caller in 0..<5 { #expect(isWait(pool.acquire(caller))) }
    var made = 0
    while pool.reserveConnect() { made += 1 }
    #expect(made == 3)
    pool.connectFailed()
    #expect(grows(&pool) == true)
    pool.removeWaiters { _ in true }
    pool.connectFailed()
    #expect(grows(&pool) == false)
  }

  @Test("the waiting room is bounded beyond those who wait for a connection in the making")
  func bounds() {
    var pool = LeasePool<Int>(maximum: 2, waiterLimit: 1)
    #expect(isWait(pool.acquire(0)) && isWait(pool.acquire(1)) && isWait(pool.acquire(2)))
    #expect(!isWait(pool.acquire(3)))
    var none = LeasePool<Int>(maximum: 0, waiterLimit: 1)
    #expect(!isWait(none.acquire(0)))
  }

  @Test("a lost connection makes room, a foreign one is ignored")
  func lost() {
    var pool = LeasePool<Int>(maximum: 1, waiterLimit: 1)
    _ = pool.acquire(0)
    #expect(grows(&pool) == true)
    _ = pool.connected(5)
    _ = pool.lost(5)
    #expect(pool.release(5) == nil && pool.total == 0)
  }

  private static let enter = SQLStatement("lease_pool.enter", "select enter($1)")

  private func tenant(_ number: Int) -> SharedQueue.Prelude? {
    SharedQueue.Prelude(Self.enter(number))
  }

  @Test("tenants take turns, whoever came first")
  func turns() {
    var pool = LeasePool<String>(maximum: 1, waiterLimit: 10)
    _ = pool.acquire("a1", of: tenant(1))
    _ = grows(&pool)
    #expect(waiter(pool.connected(7)) == "a1")
    for name in ["a2", "a3", "a4"] { #expect(isWait(pool.acquire(name, of: tenant(1)))) }
    #expect(isWait(pool.acquire("b1", of: tenant(2))))
    #expect(isWait(pool.acquire("none")))
    let order = (0..<5).map { _ in waiter(pool.release(7)) }
    #expect(order == ["a2", "b1", "none", "a3", "a4"])
    #expect(waiter(pool.release(7)) == nil && pool.idle == [7])
  }

  @Test("one tenant leaves an eighth of the connections to others")
  func reserve() {
    var pool = LeasePool<Int>(maximum: 16, waiterLimit: 100)
    for number in 0..<40 { _ = pool.acquire(number, of: tenant(1)) }
    var made = 0
    while pool.reserveConnect() { made += 1 }
    #expect(made == 14)
    for connection in 0..<14 { #expect(waiter(pool.connected(connection)) == connection) }
    #expect(isWait(pool.acquire(100, of: tenant(2))))
    #expect(grows(&pool) == true)
    #expect(waiter(pool.connected(14)) == 100)
    // A free one is not the first tenant's to take, and still the second's.
    #expect(waiter(pool.release(14)) == nil)
    #expect(isWait(pool.acquire(40, of: tenant(1))))
    guard case .lease(14) = pool.acquire(101, of: tenant(2)) else {
      Issue.record("a free connection was not lent")
      return
    }
    // What the first tenant gives back goes to its next caller; where one of its connections dies,
    // a free one takes its place.
    #expect(waiter(pool.release(3)) == 14)
    #expect(waiter(pool.release(14)) == nil)
    #expect(waiter(pool.lost(5)) == 15)
  }

  private func grows<W>(_ pool: inout LeasePool<W>) -> Bool { pool.reserveConnect() }

  private func isWait<W>(_ acquisition: LeasePool<W>.Acquisition) -> Bool {
    if case .wait = acquisition { true } else { false }
  }

  private func waiter<W>(_ assignment: LeasePool<W>.Assignment?) -> W? {
    if case .lease(_, let waiter) = assignment { waiter } else { nil }
  }
}
