/// What a command works with: its world and the options that all commands share.
package struct CommandContext: Sendable {
  /// The command's world.
  package let environment: CommandEnvironment
  /// How replies are shown.
  package let printer: ReplyPrinter
  /// The profile that the command line names.
  package let profileOption: String?
  /// How long to wait for the server.
  package let timeout: Duration?
  /// Nothing is said on standard error but errors.
  package let isQuiet: Bool

  init(environment: CommandEnvironment, globals: GlobalOptions, format: OutputFormat = .table) {
    self.environment = environment
    printer = ReplyPrinter(
      format: globals.output ?? format, output: environment.output,
      isColored: globals.color.isEnabled(
        isTerminal: environment.output.isTerminal, variables: environment.variables))
    profileOption = globals.profile
    timeout = globals.timeout.map { .seconds($0) }
    isQuiet = globals.quiet
  }

  /// Says something beside the output, unless the user wants quiet.
  package func note(_ text: String) throws {
    if !isQuiet { try environment.errors.write(text + "\n") }
  }

  /// Asks whether to go on with what cannot be taken back.
  ///
  /// - Throws: ``CommandFailure`` with ``CommandStatus/declined`` where the answer is not yes, or
  ///   there is no terminal to ask at.
  package func confirm(_ question: String, isAssumed: Bool) throws {
    if isAssumed { return }
    guard environment.input.isTerminal, environment.errors.isTerminal else {
      throw CommandFailure(
        "this needs a confirmation, and there is no terminal to ask at", status: .declined,
        hint: "pass --yes to go ahead without a question")
    }
    try environment.errors.write(question + " [y/N] ")
    let answer = try environment.input.readLine()?.lowercased() ?? ""
    guard answer == "y" || answer == "yes" else {
      throw CommandFailure("nothing was changed", status: .declined)
    }
  }
}
