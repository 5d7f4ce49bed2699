import ArgumentParser
import ClinicClient
import ClinicContracts
import Foundation
import RPCCore
import Synchronization

/// `clinic-bench watch`: many watchers of one clinic's changes, and a writer that makes them.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Has many watch the change log, makes changes, and prints a row as JSON.",
    discussion: """
      The row's rate is that of deliveries. Its times are from the beginning of the change's \
      transaction, as the database has it, to its arrival at a watcher: run it on the machine of \
      the database. Every watcher must get every change once and in order, or the run fails.
      """)

  @OptionGroup var options: ServerOptions

  @Option(help: "Watchers, each with a connection of its own.")
  var watchers = 500

  @Option(help: "Changes each second.")
  var rate = 20.0

  @Option(help: "Seconds to make changes for.")
  var seconds = 5.0

  @Option(help: "The name of the row.")
  var name = "watch_changes"

  func run() async throws {
    let clients = try await options.clients(watchers + 1)
    let writer = clients[watchers]
    let start = try await writer.changes.list(ListChangesRequest(pageSize: 1)).changes.first
    let first = start?.sequence ?? 0
    let changes = Int64(max(rate * seconds, 1))
    let ready = Counter()
    let begun = ContinuousClock.now
    let all = try await withThrowingTaskGroup(of: [UInt32].self) { group in
      for client in clients.prefix(watchers) {
        group.addTask(executorPreference: client.executor) {
          try await Self.watch(client, after: first, count: changes, ready: ready)
        }
      }
      group.addTask { [watchers, rate] in
        while ready.value < watchers { try await Task.sleep(for: .milliseconds(10)) }
        let start = ContinuousClock.now
        let times = BookingTimes(first: 0, patients: 1)
        for number in 0..<changes {
          try await Task.sleep(until: start + .seconds(Double(number) / rate))
          try await Workload.create.call(writer, number: Int(number), times: times)
        }
        return []
      }
      var all: [UInt32] = []
      for try await latencies in group { all += latencies }
      return all
    }
    let samples = Samples(
      microseconds: all.sorted(), elapsed: (ContinuousClock.now - begun) / .seconds(1))
    let row = Row(
      name: "\(name)@\(watchers)", callsPerSecond: samples.rate,
      p50Microseconds: samples.percentile(0.5), p99Microseconds: samples.percentile(0.99))
    print(try row.json)
    for client in clients { await client.close() }
  }

  /// Watches until so many changes have come, and tells how long each was on its way.
  private static func watch(
    _ client: ClinicClient, after first: Int64, count: Int64, ready: Counter
  ) async throws -> [UInt32] {
    try await client.changes.watch(WatchChangesRequest(afterSequence: first)) { replies in
      var latencies: [UInt32] = []
      var next = first + 1
      var isFirst = true
      for try await reply in replies {
        if isFirst { ready.increment() }
        isFirst = false
        let now = Foundation.Date().timeIntervalSince1970
        for change in reply.changes {
          guard change.sequence == next else {
            throw BenchError("change \(change.sequence) came where \(next) was due")
          }
          next += 1
          let made = change.changeTime.map { Double($0.seconds) + Double($0.nanos) / 1e9 } ?? now
          latencies.append(UInt32(clamping: Int64(max(now - made, 0) * 1_000_000)))
        }
        if next > first + count { return latencies }
      }
      throw BenchError("the watch ended before change \(next)")
    }
  }
}

/// Counts across tasks.
private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .acquiring) }
  func increment() { count.add(1, ordering: .releasing) }
}
