/// Where a command reads from.
package protocol InputSource: Sendable {
  /// Whether a person types there.
  var isTerminal: Bool { get }

  /// The next bytes, at most `count`; none at the end.
  func read(upTo count: Int) throws -> [UInt8]
}

extension InputSource {
  /// Everything up to the end.
  ///
  /// - Throws: ``CommandFailure`` where there is more than `limit` bytes.
  package func readAll(limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let next = try read(upTo: 1 << 16)
      if next.isEmpty { return bytes }
      bytes += next
      guard bytes.count <= limit else {
        throw CommandFailure("the input is longer than \(limit) bytes", status: .usage)
      }
    }
  }

  /// The bytes up to the first line feed or the end, as text without the line's end.
  package func readLine() throws -> String? {
    var bytes: [UInt8] = []
    while let byte = try read(upTo: 1).first {
      if byte == UInt8(ascii: "\n") {
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
      }
      bytes.append(byte)
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
