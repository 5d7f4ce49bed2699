internal import ArgumentParser

/// Finds the command that a mistyped word may have meant.
enum CommandTree {
  /// The command nearest to the first word that names none where one is expected.
  static func suggestion(for arguments: [String]) -> String? {
    guard let (word, names) = unknownWord(in: arguments) else { return nil }
    return Suggestions.nearest(to: word, among: names)
  }

  /// The first word that names no command where one is expected, and the names that it could be.
  static func unknownWord(in arguments: [String]) -> (word: String, names: [String])? {
    var current: any ParsableCommand.Type = Clinicctl.self
    var index = 0
    while index < arguments.count {
      let word = arguments[index]
      index += 1
      if word == "--" { return nil }
      if word.hasPrefix("-") {
        if takesValue(word) { index += 1 }
        continue
      }
      let children = subcommands(of: current)
      guard !children.isEmpty else { return nil }
      let names = children.map { name(of: $0) }
      if let found = zip(names, children).first(where: { $0.0 == word }) {
        current = found.1
        continue
      }
      if word == "help" { continue }
      let topics = arguments.first == "help" ? HelpTopic.allCases.map(\.rawValue) : []
      return (word, names + topics + ["help"])
    }
    return nil
  }

  /// Whether the words ask for help.
  static func asksForHelp(_ arguments: [String]) -> Bool {
    let words = arguments.prefix { $0 != "--" }
    return words.contains("--help") || words.contains("-h")
      || words.first { !$0.hasPrefix("-") } == "help"
  }

  /// The commands below a command, in their order.
  static func subcommands(
    of command: any ParsableCommand.Type
  ) -> [any ParsableCommand.Type] {
    command.configuration.subcommands
  }

  /// The word that calls a command.
  static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? "\(command)".lowercased()
  }

  /// Whether the next word belongs to this global option.
  private static func takesValue(_ option: String) -> Bool {
    ["--profile", "-o", "--output", "--color", "--timeout"].contains(option)
  }
}
