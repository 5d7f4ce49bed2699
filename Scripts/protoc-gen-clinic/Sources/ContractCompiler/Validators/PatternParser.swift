/// Reads a regular expression; see ``PatternCompiler`` for the syntax.
struct PatternParser {
  private var rest: Substring.UnicodeScalarView
  private var depth = 0
  private static let maxDepth = 50
  private static let maxRepeat = 1_000
  private static let last: UInt32 = 0x10FFFF

  init(_ source: String) {
    rest = source[...].unicodeScalars
    if rest.first == "^" { rest.removeFirst() }
    if rest.last == "$", rest.dropLast().last != "\\" { rest.removeLast() }
  }

  mutating func parse() throws(CompilerError) -> PatternNode {
    let node = try parseChoice()
    guard rest.isEmpty else { throw CompilerError("a `)` is too many") }
    return node
  }

  private mutating func parseChoice() throws(CompilerError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maxDepth else { throw CompilerError("groups are nested too deep") }
    var choices = [try parseSequence()]
    while rest.first == "|" {
      rest.removeFirst()
      choices.append(try parseSequence())
    }
    return choices.count == 1 ? choices[0] : .choice(choices)
  }

  private mutating func parseSequence() throws(CompilerError) -> PatternNode {
    var nodes: [PatternNode] = []
    while let next = rest.first, next != "|", next != ")" {
      nodes.append(try parseRepeats(of: try parseAtom()))
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func parseRepeats(of atom: PatternNode) throws(CompilerError) -> PatternNode {
    let node: PatternNode
    switch rest.first {
    case "*": node = .repeated(atom, 0, nil)
    case "+": node = .repeated(atom, 1, nil)
    case "?": node = .repeated(atom, 0, 1)
    case "{":
      rest.removeFirst()
      let (least, most) = try parseCounts()
      return try finishRepeat(.repeated(atom, least, most))
    default: return atom
    }
    rest.removeFirst()
    return try finishRepeat(node)
  }

  /// Takes the `?` of a lazy repetition, which matches the same whole strings.
  private mutating func finishRepeat(_ node: PatternNode) throws(CompilerError) -> PatternNode {
    if rest.first == "?" { rest.removeFirst() }
    if let next = rest.first, next == "*" || next == "+" || next == "?" || next == "{" {
      throw CompilerError("a repetition cannot be repeated; put it into a group")
    }
    return node
  }

  private mutating func parseCounts() throws(CompilerError) -> (Int, Int?) {
    guard let least = parseNumber() else { throw CompilerError("`{` needs a number after it") }
    var most: Int? = least
    if rest.first == "," {
      rest.removeFirst()
      most = parseNumber()
    }
    guard rest.first == "}" else { throw CompilerError("a `}` is missing") }
    rest.removeFirst()
    guard least <= Self.maxRepeat, most ?? 0 <= Self.maxRepeat, most.map({ $0 >= least }) ?? true
    else { throw CompilerError("repetitions go from 0 to \(Self.maxRepeat), the lesser one first") }
    return (least, most)
  }

  private mutating func parseNumber() -> Int? {
    var digits = ""
    while let digit = rest.first, ("0"..."9").contains(digit), digits.utf8.count < 6 {
      digits.unicodeScalars.append(digit)
      rest.removeFirst()
    }
    return Int(digits)
  }

  private mutating func parseAtom() throws(CompilerError) -> PatternNode {
    guard let next = rest.popFirst() else { throw CompilerError("the expression ends too early") }
    switch next {
    case "(": return try parseGroup()
    case "[": return .take(try parseClass())
    case ".": return .take([0...9, 11...Self.last])
    case "\\": return .take(try parseEscape())
    case "*", "+", "?": throw CompilerError("there is nothing for `\(next)` to repeat")
    case "^", "$": throw CompilerError("`\(next)` may only stand at the end of the expression")
    case "{", "}", "]": throw CompilerError("`\(next)` stands for itself only as `\\\(next)`")
    default: return .take([next.value...next.value])
    }
  }

  private mutating func parseGroup() throws(CompilerError) -> PatternNode {
    if rest.first == "?" {
      guard rest.starts(with: "?:".unicodeScalars) else {
        throw CompilerError("of the groups with `?`, only `(?:` is known")
      }
      rest.removeFirst(2)
    }
    let node = try parseChoice()
    guard rest.popFirst() == ")" else { throw CompilerError("a `)` is missing") }
    return node
  }

  // MARK: Sets of scalars

  private mutating func parseEscape() throws(CompilerError) -> [ClosedRange<UInt32>] {
    guard let next = rest.popFirst() else { throw CompilerError("nothing follows the last `\\`") }
    switch next {
    case "d": return Self.digits
    case "D": return Self.inverted(Self.digits)
    case "w": return Self.wordScalars
    case "W": return Self.inverted(Self.wordScalars)
    case "s": return Self.spaces
    case "S": return Self.inverted(Self.spaces)
    case "t": return [9...9]
    case "n": return [10...10]
    case "v": return [11...11]
    case "f": return [12...12]
    case "r": return [13...13]
    case "x": return try parseHex()
    default:
      guard next.isASCII, !next.properties.isAlphabetic, !("0"..."9").contains(next) else {
        throw CompilerError("`\\\(next)` is not known")
      }
      return [next.value...next.value]
    }
  }

  private mutating func parseHex() throws(CompilerError) -> [ClosedRange<UInt32>] {
    var digits = ""
    if rest.first == "{" {
      rest.removeFirst()
      while let next = rest.popFirst(), next != "}" { digits.unicodeScalars.append(next) }
    } else {
      while digits.utf8.count < 2, let next = rest.popFirst() {
        digits.unicodeScalars.append(next)
      }
    }
    guard let value = UInt32(digits, radix: 16), Unicode.Scalar(value) != nil else {
      throw CompilerError("`\\x` needs a scalar's number, as `\\x41` or `\\x{20AC}`")
    }
    return [value...value]
  }

  private mutating func parseClass() throws(CompilerError) -> [ClosedRange<UInt32>] {
    var isNegated = false
    if rest.first == "^" {
      isNegated = true
      rest.removeFirst()
    }
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    while let next = rest.popFirst() {
      if next == "]" && !isFirst {
        ranges = Self.merged(ranges)
        return isNegated ? Self.inverted(ranges) : ranges
      }
      isFirst = false
      if next == "[" && rest.first == ":" {
        throw CompilerError("classes such as [:alpha:] are not known")
      }
      let start = next == "\\" ? try parseEscape() : [next.value...next.value]
      guard rest.first == "-", let end = rest.dropFirst().first, end != "]" else {
        ranges += start
        continue
      }
      rest.removeFirst(2)
      let upper = end == "\\" ? try parseEscape() : [end.value...end.value]
      guard start.count == 1, upper.count == 1, start[0].count == 1, upper[0].count == 1,
        start[0].lowerBound <= upper[0].lowerBound
      else { throw CompilerError("a range goes from a lesser scalar to a greater one") }
      ranges.append(start[0].lowerBound...upper[0].lowerBound)
    }
    throw CompilerError("a `]` is missing")
  }

  private static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
  private static let wordScalars: [ClosedRange<UInt32>] = [
    0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a
  ]
  private static let spaces: [ClosedRange<UInt32>] = [9...10, 12...13, 32...32]

  private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let previous = result.last, range.lowerBound <= previous.upperBound + 1 {
        result[result.count - 1] =
          previous.lowerBound...max(previous.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  private static func inverted(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    if next <= last { result.append(next...last) }
    return result
  }
}
