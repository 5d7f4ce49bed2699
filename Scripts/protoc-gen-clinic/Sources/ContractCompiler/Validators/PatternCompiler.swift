/// Compiles a regular expression to the program that ``StringPattern`` of the runtime runs.
///
/// The syntax is the part of RE2's that needs no state: literals, `.`, classes with ranges, `\d \w \s`
/// and their negations, groups, `|`, and `* + ? {n} {n,} {n,m}`. A match always covers the whole
/// string, so `^` and `$` may only stand at the ends, where they change nothing.
enum PatternCompiler {
  /// A step of the program.
  enum Step: Equatable {
    case take([ClosedRange<UInt32>])
    case fork([Int])
    case accept

    /// The step as a Swift expression.
    var swift: String {
      switch self {
      case .take(let ranges):
        let list = ranges.map { "\(hex($0.lowerBound))...\(hex($0.upperBound))" }
        return ".take([\(list.joined(separator: ", "))])"
      case .fork(let targets):
        return ".fork([\(targets.map(String.init).joined(separator: ", "))])"
      case .accept:
        return ".accept"
      }
    }

    private func hex(_ value: UInt32) -> String { "0x" + String(value, radix: 16) }
  }

  /// The longest program that is accepted, in steps.
  static let maxSteps = 5_000

  /// Compiles an expression.
  static func compile(_ source: String) throws(CompilerError) -> [Step] {
    var parser = PatternParser(source)
    let node = try parser.parse()
    var steps: [Step] = []
    try emit(node, into: &steps)
    steps.append(.accept)
    return steps
  }

  private static func emit(_ node: PatternNode, into steps: inout [Step]) throws(CompilerError) {
    guard steps.count < maxSteps else { throw CompilerError("the expression is too large") }
    switch node {
    case .take(let ranges):
      steps.append(.take(ranges))
    case .sequence(let nodes):
      for node in nodes { try emit(node, into: &steps) }
    case .choice(let nodes):
      let fork = steps.count
      steps.append(.fork([]))
      var starts: [Int] = []
      var ends: [Int] = []
      for node in nodes {
        starts.append(steps.count)
        try emit(node, into: &steps)
        ends.append(steps.count)
        steps.append(.fork([]))
      }
      steps[fork] = .fork(starts)
      for end in ends { steps[end] = .fork([steps.count]) }
    case .repeated(let node, let least, let most):
      for _ in 0..<least { try emit(node, into: &steps) }
      guard let most else {
        let fork = steps.count
        steps.append(.fork([]))
        try emit(node, into: &steps)
        steps.append(.fork([fork]))
        steps[fork] = .fork([fork + 1, steps.count])
        return
      }
      var forks: [Int] = []
      for _ in least..<max(least, most) {
        forks.append(steps.count)
        steps.append(.fork([]))
        try emit(node, into: &steps)
      }
      for fork in forks { steps[fork] = .fork([fork + 1, steps.count]) }
    }
  }
}
