/// Reads an input line by line, in memory bounded by the longest line.
final class LineReader {
  /// The greatest length of a line in bytes: 64 MiB.
  static let limit = 64 << 20

  private let input: any InputSource
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  init(input: any InputSource) {
    self.input = input
  }

  /// The next line without its end; nil at the end of the input.
  func next() throws -> String? {
    var scanned = start
    while true {
      if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return try text(buffer[start..<end])
      }
      scanned = buffer.count
      if isAtEnd {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return try text(buffer[start...])
      }
      guard scanned - start <= Self.limit else {
        throw CommandFailure("a line is longer than \(Self.limit) bytes", status: .usage)
      }
      try fill()
      scanned -= dropRead()
    }
  }

  private func fill() throws {
    let bytes = try input.read(upTo: 1 << 16)
    if bytes.isEmpty { isAtEnd = true }
    buffer += bytes
  }

  /// Forgets what was read, and returns how many bytes that is.
  private func dropRead() -> Int {
    defer { start = 0 }
    buffer.removeFirst(start)
    return start
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws -> String {
    let line = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
    guard let text = String(validating: line, as: UTF8.self) else {
      throw CommandFailure("the input is not UTF-8 text", status: .usage)
    }
    return text
  }
}
