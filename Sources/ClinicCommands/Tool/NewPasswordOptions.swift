internal import ArgumentParser

/// The option of commands that set somebody's password.
struct NewPasswordOptions: ParsableArguments {
  @Flag(name: .long, help: "Read the password from standard input's first line.")
  var passwordStdin = false

  init() {}

  /// The password; empty for one that the server makes up.
  func read(_ context: CommandContext) throws -> String {
    passwordStdin ? try context.readPasswordLine() : ""
  }

  /// Shows a password that the server made up, where the reply's own format does not.
  static func show(_ password: String, context: CommandContext) throws {
    guard !password.isEmpty, context.printer.format == .table else { return }
    try context.environment.output.write(
      "\nInitial password (shown only now): \(password)\n")
  }
}
