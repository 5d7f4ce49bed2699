internal import NIOCore

/// The executors of a group's event loops: one for each.
struct LoopExecutors: Sendable {
  private let executors: [ObjectIdentifier: LoopExecutor]
  private let all: [LoopExecutor]

  init(group: any EventLoopGroup) {
    all = group.makeIterator().map { LoopExecutor(eventLoop: $0) }
    executors = Dictionary(
      all.map { (ObjectIdentifier($0.eventLoop), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The executor of a loop of the group, or a fresh one for a loop that is not of the group.
  func executor(for eventLoop: any EventLoop) -> LoopExecutor {
    executors[ObjectIdentifier(eventLoop)] ?? LoopExecutor(eventLoop: eventLoop)
  }

  /// The place of a loop of the group; 0 for a loop that is not of the group.
  func index(of eventLoop: any EventLoop) -> Int {
    all.firstIndex { $0.eventLoop === eventLoop } ?? 0
  }

  /// Whether the current thread runs one of the loops.
  var isOnLoop: Bool { all.contains { $0.eventLoop.inEventLoop } }

  /// Ends the tasks that the loops keep.
  func endIdleWorkers() async {
    for executor in all { await executor.endIdleWorkers() }
  }

  /// The executors, in the order of the loops.
  subscript(index: Int) -> LoopExecutor { all[index % all.count] }
}
