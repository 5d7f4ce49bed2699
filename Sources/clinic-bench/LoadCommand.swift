import ArgumentParser
import ClinicClient
import Foundation
import RPCCore

/// `clinic-bench load`: calls over a number of connections, in a closed loop or at a steady pace.
struct LoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Calls one method in a closed loop, or at a pace, and prints a row as JSON.")

  @OptionGroup var options: ServerOptions

  @Option(
    help: """
      What to call: get_patient, list_patients_50, search_patients, create_patient, find_slots, \
      book_appointment, get_dashboard.
      """)
  var workload: Workload

  @Option(help: "The name of the row; the workload's where it is not given.")
  var name: String?

  @Option(help: "Connections.")
  var connections = 16

  @Option(help: "Calls under way on each connection.")
  var calls = 1

  @Option(
    help: """
      Calls a second, evenly spread over the calls under way; as many as go where it is not given. \
      A call that is late because the one before it took long counts from when it was due.
      """)
  var rate: Double?

  @Flag(help: "Go on where a limit refuses a call; refused calls are not in the row.")
  var refusable = false

  @Option(help: "Seconds to measure, after a fifth of that to warm up.")
  var seconds = 5.0

  @Option(help: "How many seeded patients there are.")
  var patients = 10_000

  @Option(help: "The seed of the choice among them.")
  var seed: UInt64 = 1

  @Option(help: "The first of the times that book_appointment takes.")
  var first = 0

  func run() async throws {
    let times = BookingTimes(first: first, patients: patients)
    let clients = try await options.clients(connections)
    _ = try await measure(clients, times, seconds: seconds / 5)
    let samples = try await measure(clients, times, seconds: seconds)
    let row = Row(
      name: "\(name ?? workload.rawValue)@\(connections * calls)", callsPerSecond: samples.rate,
      p50Microseconds: samples.percentile(0.5), p99Microseconds: samples.percentile(0.99))
    print(try row.json)
    for client in clients { await client.close() }
  }

  private func measure(
    _ clients: [ClinicClient], _ times: BookingTimes, seconds: Double
  ) async throws -> Samples {
    let start = ContinuousClock.now
    let end = start + .seconds(seconds)
    let width = clients.count * calls
    let pace = rate.map { Duration.seconds(Double(width) / $0) }
    let all = try await withThrowingTaskGroup(of: [UInt32].self) { group in
      for index in 0..<width {
        let client = clients[index % clients.count]
        var random = SeededGenerator(seed: seed &+ UInt64(index) &* 7_919)
        group.addTask(executorPreference: client.executor) {
          [workload, patients, refusable] in
          var latencies: [UInt32] = []
          latencies.reserveCapacity(65_536)
          var before = ContinuousClock.now
          var due = start + (pace ?? .zero) * index / width
          while before < end {
            if let pace {
              before = due
              if due > .now {
                try await Task.sleep(until: due, tolerance: .zero)
                before = .now
              }
              due += pace
            }
            let number = Int.random(in: 1...patients, using: &random)
            do {
              try await workload.call(client, number: number, times: times)
            } catch let error as RPCError where refusable && error.code == .resourceExhausted {
              before = ContinuousClock.now
              continue
            }
            let after = ContinuousClock.now
            latencies.append(UInt32(clamping: Int64((after - before) / .microseconds(1))))
            before = after
          }
          return latencies
        }
      }
      var all: [UInt32] = []
      for try await latencies in group { all += latencies }
      return all
    }
    return Samples(microseconds: all.sorted(), elapsed: (ContinuousClock.now - start) / .seconds(1))
  }
}

/// The latencies of a run.
struct Samples {
  let microseconds: [UInt32]
  let elapsed: Double

  var rate: Double { Double(microseconds.count) / elapsed }

  /// The latency that a share of the calls does not pass.
  func percentile(_ share: Double) -> Double {
    guard !microseconds.isEmpty else { return 0 }
    let index = Int((Double(microseconds.count) * share).rounded(.up)) - 1
    return Double(microseconds[min(max(index, 0), microseconds.count - 1)])
  }
}

/// SplitMix64: the same choices for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
