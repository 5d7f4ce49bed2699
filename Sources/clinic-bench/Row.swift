import Foundation

/// One measured row.
struct Row: Codable, Sendable {
  var name: String
  var callsPerSecond: Double?
  var p50Microseconds: Double?
  var p99Microseconds: Double?
  /// Nanoseconds of one operation, of a benchmark inside a process.
  var nanoseconds: Double?
  /// A size in MiB.
  var mebibytes: Double?

  private enum CodingKeys: String, CodingKey {
    case name
    case callsPerSecond = "calls_per_second"
    case p50Microseconds = "p50_us"
    case p99Microseconds = "p99_us"
    case nanoseconds = "ns"
    case mebibytes = "mib"
  }

  /// The row as a line of JSON.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
