/// Reads CSV (RFC 4180) row by row in memory bounded by the longest row.
///
/// Takes quoted fields with line breaks and doubled quotes, LF, CRLF and CR line ends, and a UTF-8
/// byte order mark. Blank lines are passed over. A malformed row is reported where it stands and
/// does not take its neighbours with it: after a quote that nothing closes, reading starts again at
/// the line after the quote's.
package struct CSVReader {
  /// The greatest length of a row in bytes: 1 MiB.
  package static let maximumRowLength = 1 << 20

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// What stands between fields.
  package let delimiter: UInt8
  private let limit: Int
  /// Returns the file's next bytes; none at its end.
  private let read: () throws -> [UInt8]
  private var buffer: [UInt8] = []
  private var atEnd = false
  /// Where the row that is being read begins in the buffer, and its line.
  private var start = 0
  private var line = 1
  private var isFirst = true

  /// - Parameters:
  ///   - delimiter: What stands between fields.
  ///   - limit: The greatest length of a row in bytes.
  ///   - read: Returns the file's next bytes, none at its end.
  package init(
    delimiter: UInt8 = UInt8(ascii: ","), limit: Int = Self.maximumRowLength,
    read: @escaping () throws -> [UInt8]
  ) {
    self.delimiter = delimiter
    self.limit = limit
    self.read = read
  }

  /// The next row or problem; nil at the end of the file.
  ///
  /// - Throws: what `read` throws, and ``CSVFileError/utf16``.
  package mutating func next() throws -> CSVRecord? {
    if isFirst { try skipByteOrderMark() }
    while true {
      let scan = try scanRow()
      let end = scan.end
      if end == start, scan.next == start { return nil }
      let first = line
      let record = record(scan, line: first)
      let next = scan.isResumed ? resumePoint(scan) : scan.next
      line += Self.countLines(buffer[start..<next])
      start = next
      compact()
      if let record { return record }
    }
  }

  // MARK: Finding the row's end

  /// Where a row ends, and what is wrong with it.
  private struct Scan {
    /// The end of the row without its line end.
    var end: Int
    /// Where the next row begins.
    var next: Int
    var problem: CSVProblem?
    /// Reading starts again inside the row, at its second line.
    var isResumed = false
  }

  /// Where in a field the scan stands; `quoteInQuoted` is behind a quote that closes the field
  /// unless another one follows.
  private enum FieldState { case start, plain, quoted, quoteInQuoted, broken }

  private mutating func scanRow() throws -> Scan {
    var index = start
    var state = FieldState.start
    var problem: CSVProblem?
    while try available(index) {
      guard index - start < limit else { return try overlong(state: state, problem: problem) }
      let byte = buffer[index]
      switch (state, byte) {
      case (.quoted, Self.quote): state = .quoteInQuoted
      case (.quoted, _): break
      case (.quoteInQuoted, Self.quote): state = .quoted
      case (_, Self.lineFeed): return Scan(end: index, next: index + 1, problem: problem)
      case (_, Self.carriageReturn):
        let isPair = try available(index + 1) && buffer[index + 1] == Self.lineFeed
        return Scan(end: index, next: index + (isPair ? 2 : 1), problem: problem)
      case (.broken, _): break
      case (_, delimiter): state = .start
      case (.quoteInQuoted, _):
        state = .broken
        problem = .textAfterQuote
      case (.start, Self.quote): state = .quoted
      case (.plain, Self.quote):
        state = .broken
        problem = .bareQuote
      default: state = .plain
      }
      index += 1
    }
    guard state == .quoted else { return Scan(end: index, next: index, problem: problem) }
    return Scan(end: index, next: index, problem: .unclosedQuote, isResumed: true)
  }

  /// Drops the rest of a row that is too long, keeping no more than a piece of it.
  private mutating func overlong(state: FieldState, problem: CSVProblem?) throws -> Scan {
    if state == .quoted, buffer[start..<start + limit].contains(where: isLineEnd) {
      return Scan(
        end: start + limit, next: start + limit, problem: .unclosedQuote, isResumed: true)
    }
    let kept = start + limit
    while try available(kept) {
      if let end = buffer[kept...].firstIndex(where: isLineEnd) {
        let hasNext = try available(end + 1)
        let isPair =
          buffer[end] == Self.carriageReturn && hasNext && buffer[end + 1] == Self.lineFeed
        return Scan(end: kept, next: end + (isPair ? 2 : 1), problem: .tooLong(limit: limit))
      }
      buffer.removeSubrange(kept...)
    }
    return Scan(end: kept, next: kept, problem: .tooLong(limit: limit))
  }

  private func isLineEnd(_ byte: UInt8) -> Bool {
    byte == Self.lineFeed || byte == Self.carriageReturn
  }

  /// The beginning of the row's second line, or the row's end where it has one line.
  private func resumePoint(_ scan: Scan) -> Int {
    guard let end = buffer[start..<scan.end].firstIndex(where: isLineEnd) else { return scan.next }
    let isPair =
      buffer[end] == Self.carriageReturn && end + 1 < scan.end && buffer[end + 1] == Self.lineFeed
    return end + (isPair ? 2 : 1)
  }

  private static func countLines(_ bytes: ArraySlice<UInt8>) -> Int {
    var count = 0
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == carriageReturn || (byte == lineFeed && previous != carriageReturn) { count += 1 }
      previous = byte
    }
    return count
  }

  // MARK: Fields

  /// The row as a record; nil for a blank line.
  private func record(_ scan: Scan, line: Int) -> CSVRecord? {
    if let problem = scan.problem { return .malformed(line: line, problem) }
    guard scan.end > start else { return nil }
    var fields: [String] = []
    var index = start
    while true {
      let (bytes, end) = fieldBytes(from: index, rowEnd: scan.end)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        let place = line + Self.countLines(buffer[start..<index])
        return .malformed(line: place, .notUTF8(byte: Self.firstInvalidByte(bytes)))
      }
      fields.append(text)
      guard end < scan.end else { return .row(line: line, fields: fields) }
      index = end + 1
    }
  }

  /// The unquoted bytes of the field at `index`, and where its delimiter or the row's end is.
  private func fieldBytes(from index: Int, rowEnd: Int) -> (ArraySlice<UInt8>, end: Int) {
    guard index < rowEnd, buffer[index] == Self.quote else {
      let end = buffer[index..<rowEnd].firstIndex(of: delimiter) ?? rowEnd
      return (buffer[index..<end], end)
    }
    var bytes: ArraySlice<UInt8> = []
    var index = index + 1
    while let end = buffer[index..<rowEnd].firstIndex(of: Self.quote) {
      bytes += buffer[index..<end]
      guard end + 1 < rowEnd, buffer[end + 1] == Self.quote else { return (bytes, end + 1) }
      bytes.append(Self.quote)
      index = end + 2
    }
    return (bytes, rowEnd)
  }

  private static func firstInvalidByte(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = bytes.startIndex
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar): position += scalar.count
      case .emptyInput, .error: return position < bytes.endIndex ? bytes[position] : 0
      }
    }
  }

  // MARK: Buffer

  /// Whether there is a byte at `index`, after reading more where needed.
  private mutating func available(_ index: Int) throws -> Bool {
    while index >= buffer.count, !atEnd {
      let bytes = try read()
      if bytes.isEmpty { atEnd = true } else { buffer += bytes }
    }
    return index < buffer.count
  }

  private mutating func compact() {
    guard start >= 1 << 16 || start == buffer.count else { return }
    buffer.removeSubrange(..<start)
    start = 0
  }

  private mutating func skipByteOrderMark() throws {
    isFirst = false
    guard try available(1) else { return }
    if buffer.starts(with: [0xFF, 0xFE]) || buffer.starts(with: [0xFE, 0xFF]) {
      throw CSVFileError.utf16
    }
    if try available(2), buffer.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
  }
}
