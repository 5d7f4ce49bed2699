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
    pool.lost(5)
    #expect(pool.release(5) == nil && pool.total == 0)
  }

  private func grows<W>(_ pool: inout LeasePool<W>) -> Bool { pool.reserveConnect() }

  private func isWait<W>(_ acquisition: LeasePool<W>.Acquisition) -> Bool {
    if case .wait = acquisition { true } else { false }
  }

  private func waiter<W>(_ assignment: LeasePool<W>.Assignment?) -> W? {
    if case .lease(_, let waiter) = assignment { waiter } else { nil }
  }
}
