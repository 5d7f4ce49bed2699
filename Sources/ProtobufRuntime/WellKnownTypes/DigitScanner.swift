/// Reads the fixed forms of timestamps and durations.
struct DigitScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Exactly `width` digits.
  mutating func number(_ width: Int) -> Int? {
    let digits = digits()
    guard digits.count == width else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1) }
  }

  /// One to 18 digits.
  mutating func number() -> Int64? {
    let digits = digits()
    guard (1...18).contains(digits.count) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int64($1) }
  }

  /// A point and 1 to 9 digits as nanoseconds; 0 where there is no point.
  mutating func fraction() -> Int32? {
    guard take(".") else { return 0 }
    let digits = digits()
    guard (1...9).contains(digits.count) else { return nil }
    let value = digits.reduce(0) { $0 * 10 + Int32($1) }
    return (digits.count..<9).reduce(value) { scaled, _ in scaled * 10 }
  }

  /// `Z` or `+hh:mm` or `-hh:mm`, in seconds east of UTC.
  mutating func offset() -> Int? {
    if take("Z") { return 0 }
    let sign = take("-") ? -1 : 1
    guard sign < 0 || take("+"), let hours = number(2), take(":"), let minutes = number(2),
      hours < 24, minutes < 60
    else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }

  private mutating func digits() -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    return ArraySlice(bytes[start..<position].map { $0 - 0x30 })
  }
}

/// Fractions of a second in text.
enum Fraction {
  /// Nothing, or a point and 3, 6 or 9 digits.
  static func text(nanos: Int32) -> String {
    let nanos = Int(nanos)
    if nanos == 0 { return "" }
    if nanos % 1_000_000 == 0 { return "." + (nanos / 1_000_000).padded(3) }
    if nanos % 1_000 == 0 { return "." + (nanos / 1_000).padded(6) }
    return "." + nanos.padded(9)
  }
}
