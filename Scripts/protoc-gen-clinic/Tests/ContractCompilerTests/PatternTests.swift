import Testing

@testable import ContractCompiler

@Suite("Patterns of contracts")
struct PatternTests {
  @Test(
    "that cannot be compiled say why",
    arguments: [
      ("(a", "a `)` is missing"), ("a)", "a `)` is too many"), ("[a", "a `]` is missing"),
      ("*a", "there is nothing for `*` to repeat"), ("a{2", "a `}` is missing"),
      ("a{3,2}", "repetitions go from 0 to 1000, the lesser one first"),
      ("a{1001}", "repetitions go from 0 to 1000, the lesser one first"),
      ("a**", "a repetition cannot be repeated; put it into a group"),
      ("a^b", "`^` may only stand at the end of the expression"),
      ("(?i)a", "of the groups with `?`, only `(?:` is known"), ("\\b", "`\\b` is not known"),
      ("\\1", "`\\1` is not known"),
      ("[z-a]", "a range goes from a lesser scalar to a greater one"),
      ("[[:alpha:]]", "classes such as [:alpha:] are not known"),
      ("a\\", "nothing follows the last `\\`"),
      ("((a{999}){999}){999}", "the expression is too large"),
      (String(repeating: "(", count: 60), "groups are nested too deep")
    ])
  func refusals(pattern: String, message: String) throws {
    let error = try #require(throws: CompilerError.self) { try PatternCompiler.compile(pattern) }
    #expect(error.description == message)
  }

  @Test(
    "match the same strings as Swift's own expressions",
    arguments: [
      "abc", "a*", "a+b?c{2}", "(ab|ba)+", "[a-c]{1,3}", "[^ab]*", "a|b|", "(?:a(b|c))*d",
      "^a.c$", "\\d+[a-c]\\w?", "a{2,}", "(a*b)*", "[\\d\\-c]+", "\\x61b\\x{63}", "a??b", "()"
    ])
  func semantics(pattern: String) throws {
    let program = try PatternCompiler.compile(pattern)
    let regex = try Regex(pattern).asciiOnlyCharacterClasses()
      .matchingSemantics(.unicodeScalar)
    let alphabet = Array("abcd1-é\n")
    var generator = SeededGenerator(seed: 20_261_123)
    for _ in 0..<2_000 {
      let length = Int.random(in: 0...6, using: &generator)
      let text = String(
        (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
      let expected = try regex.wholeMatch(in: text) != nil
      #expect(run(program, on: text) == expected, "“\(text)”, seed 20261123")
    }
  }

  /// Runs a program the slow and simple way.
  private func run(_ program: [PatternCompiler.Step], on text: String) -> Bool {
    var states = closure([0], program)
    for scalar in text.unicodeScalars {
      let next = states.filter { state in
        if case .take(let ranges) = program[state] {
          return ranges.contains { $0.contains(scalar.value) }
        }
        return false
      }
      states = closure(next.map { $0 + 1 }, program)
    }
    return states.contains { program[$0] == .accept }
  }

  private func closure(_ states: [Int], _ program: [PatternCompiler.Step]) -> Set<Int> {
    var result: Set<Int> = []
    var pending = states
    while let state = pending.popLast() {
      guard result.insert(state).inserted else { continue }
      if case .fork(let targets) = program[state] { pending += targets }
    }
    return result
  }
}
