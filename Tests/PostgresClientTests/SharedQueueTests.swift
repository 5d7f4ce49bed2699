import Testing

@testable import PostgresClient

@Suite("The queue of the shared lane")
struct SharedQueueTests {
  private static let enter = SQLStatement("queue.enter", "select enter($1)")
  private static let read = SQLStatement("queue.read", "select $1")

  private func call(tenant: Int, _ n: Int, readOnly: Bool = true) -> PostgresCall {
    PostgresCall(
      .batch([Self.enter(tenant), Self.read(n)]), firstWanted: 1, isReadOnly: readOnly)
  }

  @Test("lets tenants take turns, whoever came first")
  func turns() {
    var queue = SharedQueue()
    for n in 0..<100 { queue.append(call(tenant: 1, n)) }
    queue.append(call(tenant: 2, 0))
    queue.append(call(tenant: 3, 0))
    let sizes = (0..<4).map { _ in queue.next(depth: 10)?.calls.count }
    // 0 stands for a call that travels alone.
    #expect(sizes == [16, 0, 0, 16])
  }

  @Test("holds a tenant's calls back while enough of its batches are under way")
  func depth() {
    var queue = SharedQueue()
    for n in 0..<40 { queue.append(call(tenant: 1, n)) }
    let batches = (0..<3).map { _ in queue.next(depth: 2) }
    #expect(batches.map { $0?.calls.count } == [16, 16, nil])
    queue.append(call(tenant: 2, 0))
    let other = queue.next(depth: 2)
    #expect(other?.calls.count == 0)
    for case let batch? in batches { queue.left(batch) }
    let rest = queue.next(depth: 2)
    #expect(rest?.calls.count == 8 && queue.isEmpty)
  }

  @Test("lets only read-only calls share, in the order they came")
  func sharing() {
    var queue = SharedQueue()
    for n in 0..<3 { queue.append(call(tenant: 1, n)) }
    queue.append(call(tenant: 1, 3, readOnly: false))
    for n in 4..<6 { queue.append(call(tenant: 1, n)) }
    let batches = (0..<4).map { _ in queue.next(depth: 10) }
    #expect(batches.map { $0?.calls.count } == [3, 0, 2, nil])
    #expect(batches.map { $0?.statementCount } == [4, 2, 3, nil])
  }

  @Test("forgets calls whose callers have their answer")
  func finished() {
    var queue = SharedQueue()
    let calls = (0..<5).map { call(tenant: 1, $0) }
    calls.forEach { queue.append($0) }
    calls[0].isFinished = true
    calls[3].isFinished = true
    let batch = queue.next(depth: 1)
    #expect(batch?.calls.count == 3 && queue.isEmpty)
    let late = call(tenant: 2, 0)
    queue.append(late)
    late.isFinished = true
    queue.removeFinished()
    let nothing = queue.next(depth: 1)
    #expect(queue.isEmpty && nothing == nil)
  }

  @Test("sends a call that came back before the others, and alone")
  func another() {
    var queue = SharedQueue()
    for n in 0..<2 { queue.append(call(tenant: 1, n)) }
    let again = call(tenant: 1, 2)
    again.prepareForAnotherAttempt()
    queue.prepend(again)
    let first = queue.next(depth: 9)
    let second = queue.next(depth: 9)
    #expect(first === again && second?.calls.count == 2)
  }
}
