@testable import ClinicCommands
import Synchronization

/// An output that keeps what is written.
final class TestOutput: OutputSink {
  private let content = Mutex("")
  let isTerminal: Bool
  let columns: Int?

  init(isTerminal: Bool = false, columns: Int? = nil) {
    self.isTerminal = isTerminal
    self.columns = columns
  }

  var text: String { content.withLock { $0 } }

  func write(_ text: String) throws {
    content.withLock { $0 += text }
  }
}

/// An input that holds a text.
final class TestInput: InputSource {
  private let rest: Mutex<[UInt8]>
  let isTerminal: Bool

  init(_ text: String = "", isTerminal: Bool = false) {
    rest = Mutex(Array(text.utf8))
    self.isTerminal = isTerminal
  }

  func read(upTo count: Int) throws -> [UInt8] {
    rest.withLock { rest in
      let bytes = Array(rest.prefix(count))
      rest.removeFirst(bytes.count)
      return bytes
    }
  }
}

/// What came of a command line.
struct Outcome {
  var status: CommandStatus
  var output: String
  var errors: String
}

/// Runs command lines in a world of the test's own.
struct CommandBench {
  var variables: [String: String]
  var input = ""
  var isTerminal = false
  var columns: Int?
  var passwords: [String] = []
  var connector: any ClinicConnector = NetworkConnector()

  init(home: String) {
    variables = ["CLINICCTL_HOME": home, "HOME": "/nonexistent"]
  }

  func run(_ arguments: String...) async -> Outcome {
    await run(arguments)
  }

  func run(_ arguments: [String]) async -> Outcome {
    let output = TestOutput(isTerminal: isTerminal, columns: columns)
    let errors = TestOutput(isTerminal: isTerminal, columns: columns)
    let waiting = Waiting(passwords)
    var environment = CommandEnvironment(
      variables: variables, input: TestInput(input, isTerminal: isTerminal), output: output,
      errors: errors, askSecret: { _ in try waiting.next() }, now: { 1_000 },
      makeIdentifier: { "00000000-0000-4000-8000-000000000001" })
    environment.connector = connector
    let status = await CommandLineTool.run(arguments: arguments, environment: environment)
    return Outcome(status: status, output: output.text, errors: errors.text)
  }

  /// The answers to questions for secrets.
  private final class Waiting: Sendable {
    private let answers: Mutex<[String]>

    init(_ answers: [String]) { self.answers = Mutex(answers) }

    func next() throws -> String {
      try answers.withLock { answers in
        guard !answers.isEmpty else { throw CommandFailure("nobody answers") }
        return answers.removeFirst()
      }
    }
  }
}
