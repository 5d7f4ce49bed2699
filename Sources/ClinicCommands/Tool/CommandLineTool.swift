internal import ArgumentParser

/// Runs a command line from its words to its exit status.
package enum CommandLineTool {
  /// Parses the words, runs the command, and tells the user of a failure.
  package static func run(
    arguments: [String], environment: CommandEnvironment = .process
  ) async -> CommandStatus {
    await CommandEnvironment.$current.withValue(environment) {
      do {
        if let topic = HelpTopic(arguments: arguments) {
          try environment.output.write(topic.text)
          return .success
        }
        // The parser answers a request for help on what does not exist with that on everything.
        if CommandTree.asksForHelp(arguments),
          let (word, _) = CommandTree.unknownWord(in: arguments)
        {
          throw CommandFailure.usage(
            "there is no command '\(word)'",
            hint: CommandTree.suggestion(for: arguments).map { "did you mean '\($0)'?" }
              ?? "clinicctl --help lists the commands")
        }
        var command = try parse(arguments)
        if var asynchronous = command as? any AsyncParsableCommand {
          try await asynchronous.run()
        } else {
          try command.run()
        }
        return .success
      } catch {
        return report(error, arguments: arguments, environment: environment)
      }
    }
  }

  /// The command that the words ask for.
  static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    try Clinicctl.parseAsRoot(arguments)
  }

  /// Tells the user of the end that `error` stands for, and returns its status.
  private static func report(
    _ error: any Error, arguments: [String], environment: CommandEnvironment
  ) -> CommandStatus {
    let report: ErrorReport
    switch error {
    case is OutputClosed:
      // Whoever read the output has what they wanted.
      return .success
    case let status as CommandEnd:
      return status.status
    case let parserError where Clinicctl.isOwn(parserError):
      let status = CommandStatus(parserCode: Clinicctl.exitCode(for: parserError))
      let text = Clinicctl.fullMessage(for: parserError)
      if status == .success {
        if !text.isEmpty { try? environment.output.write(text + "\n") }
        return .success
      }
      report = ErrorReport(
        status: .usage, lines: [text],
        hint: CommandTree.suggestion(for: arguments).map { "did you mean '\($0)'?" })
    default:
      report = ErrorReport(error)
    }
    let isColored = colorChoice(arguments).isEnabled(
      isTerminal: environment.errors.isTerminal, variables: environment.variables)
    // Nowhere is left to tell of a failure to write to standard error.
    try? environment.errors.write(report.text(isColored: isColored))
    return report.status
  }

  /// The choice of colour among words that may be wrong otherwise.
  private static func colorChoice(_ arguments: [String]) -> ColorChoice {
    for (index, word) in arguments.enumerated() {
      if word.hasPrefix("--color=") {
        return ColorChoice(rawValue: String(word.dropFirst(8))) ?? .auto
      }
      if word == "--color", index + 1 < arguments.count {
        return ColorChoice(rawValue: arguments[index + 1]) ?? .auto
      }
    }
    return .auto
  }
}
