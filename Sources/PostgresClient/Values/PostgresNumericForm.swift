/// The binary form of `numeric` (`numeric_send` of the server): digits in base 10,000.
struct PostgresNumericForm {
  private enum Sign: UInt16 {
    case positive = 0x0000
    case negative = 0x4000
    case notANumber = 0xC000
    case infinity = 0xD000
    case negativeInfinity = 0xF000
  }

  private var sign: Sign
  /// The power of 10,000 of the first digit.
  private var weight: Int
  /// Decimal digits shown behind the point.
  private var scale: Int
  private var digits: [UInt16]

  /// Parses decimal text without exponent; nil if it is none.
  init?(_ text: String) {
    sign = .positive
    weight = 0
    scale = 0
    digits = []
    switch text {
    case "NaN": sign = .notANumber
    case "Infinity": sign = .infinity
    case "-Infinity": sign = .negativeInfinity
    default:
      guard parse(Array(text.utf8)) else { return nil }
    }
  }

  private mutating func parse(_ text: [UInt8]) -> Bool {
    var rest = text[...]
    if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      sign = first == UInt8(ascii: "-") ? .negative : .positive
      rest = rest.dropFirst()
    }
    let point = rest.firstIndex(of: UInt8(ascii: ".")) ?? rest.endIndex
    var whole = rest[..<point].map { $0 &- UInt8(ascii: "0") }
    var fraction = rest[point...].dropFirst().map { $0 &- UInt8(ascii: "0") }
    guard !(whole.isEmpty && fraction.isEmpty), (whole + fraction).allSatisfy({ $0 <= 9 }) else {
      return false
    }
    scale = fraction.count
    whole.insert(contentsOf: repeatElement(0, count: (4 - whole.count % 4) % 4), at: 0)
    fraction.append(contentsOf: repeatElement(0, count: (4 - fraction.count % 4) % 4))
    let all = whole + fraction
    digits = stride(from: 0, to: all.count, by: 4).map { start in
      all[start..<start + 4].reduce(UInt16(0)) { $0 * 10 + UInt16($1) }
    }
    weight = whole.count / 4 - 1
    while digits.first == 0 {
      digits.removeFirst()
      weight -= 1
    }
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty {
      weight = 0
      sign = .positive
    }
    return true
  }

  /// Reads the server's form.
  init(bytes: UnsafeRawBufferPointer) throws(PostgresDecodingError.Reason) {
    guard bytes.count >= 8 else { throw .malformed }
    func word(_ index: Int) -> UInt16 {
      UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
    }
    let count = Int(word(0))
    guard bytes.count == 8 + count * 2, let sign = Sign(rawValue: word(2)) else {
      throw .malformed
    }
    self.sign = sign
    weight = Int(Int16(bitPattern: word(1)))
    scale = Int(word(3))
    digits = (0..<count).map { word(4 + $0) }
    guard digits.allSatisfy({ $0 < 10_000 }) else { throw .malformed }
  }

  func write(into writer: inout PostgresParameterWriter) {
    writer.writeInteger(UInt16(digits.count))
    writer.writeInteger(Int16(clamping: weight))
    writer.writeInteger(sign.rawValue)
    writer.writeInteger(UInt16(clamping: scale))
    for digit in digits { writer.writeInteger(digit) }
  }

  /// The decimal text, with exactly `scale` digits behind the point.
  var text: String {
    switch sign {
    case .notANumber: return "NaN"
    case .infinity: return "Infinity"
    case .negativeInfinity: return "-Infinity"
    case .positive, .negative: break
    }
    var text = sign == .negative ? "-" : ""
    text += weight < 0 ? "0" : String(digit(ofPower: weight))
    for power in stride(from: weight - 1, through: 0, by: -1) {
      text += Self.padded(digit(ofPower: power))
    }
    guard scale > 0 else { return text }
    var fraction = ""
    for group in 1...(scale + 3) / 4 { fraction += Self.padded(digit(ofPower: -group)) }
    return text + "." + fraction.prefix(scale)
  }

  /// The base-10,000 digit of a power; zero where none is stored.
  private func digit(ofPower power: Int) -> UInt16 {
    let index = weight - power
    return digits.indices.contains(index) ? digits[index] : 0
  }

  private static func padded(_ digit: UInt16) -> String {
    let text = String(digit)
    return String(repeating: "0", count: 4 - text.count) + text
  }
}
