internal import Glibc

/// What a command has of the world: streams, variables, clock and terminal, so that tests can give
/// it another.
package struct CommandEnvironment: Sendable {
  /// The environment's variables.
  package var variables: [String: String]
  /// Standard input.
  package var input: any InputSource
  /// Standard output: what was asked for.
  package var output: any OutputSink
  /// Standard error: what is said beside it.
  package var errors: any OutputSink
  /// Asks for a secret without showing it.
  package var askSecret: @Sendable (_ prompt: String) throws -> String
  /// The seconds since 1970.
  package var now: @Sendable () -> Int64
  /// Makes a random UUID.
  package var makeIdentifier: @Sendable () -> String

  /// How commands get at a server.
  var connector: any ClinicConnector = NetworkConnector()

  package init(
    variables: [String: String], input: any InputSource, output: any OutputSink,
    errors: any OutputSink, askSecret: @escaping @Sendable (_ prompt: String) throws -> String,
    now: @escaping @Sendable () -> Int64, makeIdentifier: @escaping @Sendable () -> String
  ) {
    self.variables = variables
    self.input = input
    self.output = output
    self.errors = errors
    self.askSecret = askSecret
    self.now = now
    self.makeIdentifier = makeIdentifier
  }

  /// The environment that the command at work has.
  @TaskLocal package static var current = CommandEnvironment.process

  /// The process's own.
  package static let process = CommandEnvironment(
    variables: processVariables(), input: FileDescriptorInput.standard,
    output: FileDescriptorOutput.standard, errors: FileDescriptorOutput.errors,
    askSecret: SecretPrompt.ask, now: { Int64(time(nil)) }, makeIdentifier: randomIdentifier)

  private static func processVariables() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    return variables
  }

  /// A UUID of version 4 (RFC 9562).
  private static func randomIdentifier() -> String {
    let high = UInt64.random(in: .min ... .max) & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
    let low = UInt64.random(in: .min ... .max) & 0x3FFF_FFFF_FFFF_FFFF | 1 << 63
    let digits = [high, low].map { word in
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
    var identifier = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { identifier += "-" }
      identifier.append(digit)
    }
    return identifier
  }
}

extension CommandEnvironment {
  /// The user's profiles.
  package var profiles: ProfileStore { ProfileStore(home: ProfileStore.home(variables: variables)) }
}

extension ProfileStore {
  /// The names of the profiles, for a shell that completes one.
  package static func completions() -> [String] {
    CommandEnvironment.current.profiles.names()
  }
}
