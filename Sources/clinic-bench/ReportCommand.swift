import ArgumentParser
import Foundation

/// `clinic-bench report`: medians and ratios of the rows of several rounds.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Reads rows as JSON lines on standard input and prints medians and ratios.")

  @Option(help: "Writes {\"ratios\": …, \"rows\": …} to this file.")
  var json: String?

  func run() throws {
    var rounds: [String: [Row]] = [:]
    var order: [String] = []
    let decoder = JSONDecoder()
    while let line = readLine() {
      guard let row = try? decoder.decode(Row.self, from: Data(line.utf8)) else { continue }
      if rounds[row.name] == nil { order.append(row.name) }
      rounds[row.name, default: []].append(row)
    }
    let rows = order.map { Self.median($0, rounds[$0] ?? []) }
    let ratios = Ratio.all.compactMap { ratio in
      ratio.value(in: rounds).map { (ratio.name, $0, ratio.goal) }
    }
    Self.print(rows, ratios)
    if let json {
      let report = Report(
        ratios: Dictionary(ratios.map { ($0.0, $0.1) }, uniquingKeysWith: { $1 }), rows: rows)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try encoder.encode(report).write(to: URL(fileURLWithPath: json))
    }
  }

  private struct Report: Encodable {
    let ratios: [String: Double]
    let rows: [Row]
  }

  private static func median(_ name: String, _ rows: [Row]) -> Row {
    func middle(_ path: KeyPath<Row, Double?>) -> Double? {
      let values = rows.compactMap { $0[keyPath: path] }.sorted()
      return values.isEmpty ? nil : values[values.count / 2]
    }
    return Row(
      name: name, callsPerSecond: middle(\.callsPerSecond),
      p50Microseconds: middle(\.p50Microseconds), p99Microseconds: middle(\.p99Microseconds),
      nanoseconds: middle(\.nanoseconds), mebibytes: middle(\.mebibytes))
  }

  private static func print(_ rows: [Row], _ ratios: [(String, Double, String)]) {
    func cell(_ value: Double?, _ unit: String) -> String {
      guard let value else { return "" }
      return String(format: value < 100 ? "%.1f" : "%.0f", value) + unit
    }
    Swift.print("| row | calls/s | p50 | p99 | other |\n|---|---:|---:|---:|---:|")
    for row in rows {
      let other =
        row.nanoseconds.map { cell($0 / 1000, " µs/op") } ?? cell(row.mebibytes, " MiB")
      Swift.print(
        "| \(row.name) | \(cell(row.callsPerSecond, "")) | \(cell(row.p50Microseconds, " µs")) "
          + "| \(cell(row.p99Microseconds, " µs")) | \(other) |")
    }
    Swift.print("\n| ratio (median of the rounds) | value | to reach |\n|---|---:|---:|")
    for (name, value, goal) in ratios {
      Swift.print("| \(name) | \(String(format: "%.2f", value)) | \(goal) |")
    }
  }
}

/// A figure of one contender over that of another, round by round.
struct Ratio {
  let name: String
  let over: String
  let under: String
  let goal: String
  let figure: Figure

  /// What is compared. Of nanoseconds the smaller is the better, so their ratio is turned round.
  enum Figure {
    case rate, nanoseconds, p99

    func value(in row: Row) -> Double? {
      switch self {
      case .rate: row.callsPerSecond
      case .nanoseconds: row.nanoseconds
      case .p99: row.p99Microseconds
      }
    }
  }

  private init(
    _ name: String, _ over: String, _ under: String, _ goal: String,
    of figure: Figure = .rate
  ) {
    self.name = name
    self.over = over
    self.under = under
    self.goal = goal
    self.figure = figure
  }

  static let all = [
    Ratio("get_patient/pgbench_plain@64", "get_patient@64", "pgbench_plain@64", "≥ 1.2"),
    Ratio("get_patient/pgbench_plain@16", "get_patient@16", "pgbench_plain@16", "≥ 0.9"),
    Ratio("get_patient/pgbench_plain@1", "get_patient@1", "pgbench_plain@1", ""),
    Ratio("get_patient/pgbench_pipelined@64", "get_patient@64", "pgbench_pipelined@64", ""),
    Ratio(
      "get_patient_1m/get_patient_10k@16", "get_patient_1m@16", "get_patient@16", "≥ 0.75"),
    Ratio("find_slots/pgbench@16", "find_slots@16", "pgbench_find_slots@16", ""),
    Ratio("book_appointment/pgbench@16", "book_appointment@16", "pgbench_book@16", ""),
    Ratio("get_dashboard/pgbench@16", "get_dashboard@16", "pgbench_dashboard@16", ""),
    Ratio(
      "codec_decode_page/swift_protobuf", "swift_protobuf_decode_page", "codec_decode_page",
      "≥ 1.5", of: .nanoseconds),
    Ratio(
      "codec_encode_page/swift_protobuf", "swift_protobuf_encode_page", "codec_encode_page",
      "≥ 1.2", of: .nanoseconds),
    Ratio(
      "fairness: p99 of a steady clinic beside a flood/alone@4", "get_patient_steady_flooded@4",
      "get_patient_steady@4", "≤ 1.5", of: .p99),
    Ratio(
      "fairness: p99 of a steady clinic beside a limited flood/alone@4",
      "get_patient_steady_limited@4", "get_patient_steady@4", "≤ 1.5", of: .p99),
    Ratio(
      "fairness: p99 in a closed loop beside a flood/alone@4", "get_patient_flooded@4",
      "get_patient_quiet@4", "", of: .p99),
    Ratio(
      "fairness: p99 in a closed loop beside a limited flood/alone@4", "get_patient_limited@4",
      "get_patient_quiet@4", "", of: .p99)
  ]

  /// The median of the ratios of the rounds; nil where one side was not measured.
  func value(in rounds: [String: [Row]]) -> Double? {
    guard let over = rounds[over], let under = rounds[under] else { return nil }
    let values = zip(over, under).compactMap { over, under -> Double? in
      guard let a = figure.value(in: over), let b = figure.value(in: under), b > 0 else {
        return nil
      }
      return a / b
    }.sorted()
    return values.isEmpty ? nil : values[values.count / 2]
  }
}
