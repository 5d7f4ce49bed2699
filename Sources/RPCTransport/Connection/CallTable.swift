/// The calls of a connection by id. Ids only grow, so the table is a sorted array: with a few
/// calls in flight it is faster than hashing, and it costs nothing while it is empty.
package struct CallTable<Call> {
  private var ids: [UInt32] = []
  private var calls: [Call] = []

  package init() {}

  /// How many calls there are.
  package var count: Int { ids.count }

  /// Whether there is none.
  package var isEmpty: Bool { ids.isEmpty }

  /// The calls, oldest first.
  package var all: [Call] { calls }

  /// Adds a call whose id is greater than all before it.
  package mutating func append(_ call: Call, id: UInt32) {
    assert(ids.last.map { $0 < id } ?? true)
    ids.append(id)
    calls.append(call)
  }

  /// The call with this id.
  package subscript(id: UInt32) -> Call? {
    guard let index = index(of: id) else { return nil }
    return calls[index]
  }

  /// Removes and returns the call with this id.
  @discardableResult
  package mutating func remove(_ id: UInt32) -> Call? {
    guard let index = index(of: id) else { return nil }
    ids.remove(at: index)
    return calls.remove(at: index)
  }

  /// Removes all calls and returns them.
  package mutating func removeAll() -> [Call] {
    defer { self = CallTable() }
    return calls
  }

  private func index(of id: UInt32) -> Int? {
    var low = 0
    var high = ids.count
    while low < high {
      let middle = (low + high) / 2
      if ids[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < ids.count && ids[low] == id ? low : nil
  }
}
