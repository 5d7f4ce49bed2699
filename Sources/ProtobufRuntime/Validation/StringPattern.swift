/// A regular expression that a whole string matches, as a program.
///
/// The contract compiler reads the expression (a subset of RE2's syntax) and writes the program. It
/// runs in time proportional to the string's length times the program's, whatever the string.
public struct StringPattern: Sendable {
  /// A step of the program. Steps are numbered from 0; the first one starts the match.
  public enum Step: Sendable {
    /// Takes one scalar in one of these ranges, then goes on to the next step.
    case take([ClosedRange<UInt32>])
    /// Goes on at all of these steps.
    case fork([Int])
    /// The string matches if it ends here.
    case accept
  }

  /// The expression as the contract has it.
  public let source: String
  private let steps: [Step]

  /// Makes a pattern.
  /// - Parameters:
  ///   - source: The expression, for messages.
  ///   - steps: The program.
  public init(_ source: String, _ steps: [Step]) {
    self.source = source
    self.steps = steps
  }

  /// Whether the whole string matches.
  public func matches(_ value: String) -> Bool {
    var current = StepSet(count: steps.count)
    var next = StepSet(count: steps.count)
    add(0, to: &current)
    for scalar in value.unicodeScalars {
      next.removeAll()
      for step in current.members {
        if case .take(let ranges) = steps[step], ranges.contains(where: { $0 ~= scalar.value }) {
          add(step + 1, to: &next)
        }
      }
      if next.members.isEmpty { return false }
      swap(&current, &next)
    }
    return current.members.contains { step in
      if case .accept = steps[step] { true } else { false }
    }
  }

  /// Adds a step and all that forks lead to from it.
  private func add(_ step: Int, to set: inout StepSet) {
    var pending = [step]
    while let step = pending.popLast() {
      guard step < steps.count, set.insert(step) else { continue }
      if case .fork(let targets) = steps[step] { pending += targets }
    }
  }
}
