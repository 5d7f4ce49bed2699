import Testing

@Suite("README")
struct ReadmeTests {
  /// The lines of the fenced blocks that are typed into a shell, without the prompt.
  static func commands() throws -> [String] {
    var isFenced = false
    return try Repository.text("README.md").split(separator: "\n").compactMap { line in
      if line.hasPrefix("```") { isFenced.toggle() }
      guard isFenced else { return nil }
      let text = line.trimmingPrefix("$ ")
      return text.contains(#/^(Scripts/|\.build/release/|clinicctl |clinicd )/#)
        ? String(text) : nil
    }
  }

  @Test("names only scripts and programs that exist")
  func programs() throws {
    let commands = try Self.commands()
    #expect(!commands.isEmpty)
    for command in commands {
      let program = try #require(command.split(separator: " ").first)
      if program.hasPrefix("Scripts/") {
        #expect(Repository.exists(String(program)), "\(command)")
      } else {
        let name = String(program.split(separator: "/").last ?? program)
        #expect(Repository.exists("Sources/\(name)"), "\(command)")
      }
    }
  }

  @Test("calls only commands of clinicctl that exist")
  func subcommands() throws {
    let known = Set(
      Repository.sources.filter { $0.target == "ClinicCommands" && $0.mentions("commandName") }
        .flatMap { file in
          file.text.matches(of: #/(?:commandName:|static let name =) "([a-z-]+)"/#)
            .map { $0.output.1 }
        })
    for command in try Self.commands() where command.contains("clinicctl ") {
      var words = command.split(separator: " ").dropFirst()
      // The global options before the command, each with its value.
      while let first = words.first, first.hasPrefix("-") { words = words.dropFirst(2) }
      let name = try #require(words.first, "\(command)")
      #expect(known.contains(name), "\(command)")
      if let next = words.dropFirst().first, Repository.isCommandGroup(name) {
        #expect(known.contains(next), "\(command)")
      }
    }
  }

  @Test("describes only options of the server that exist")
  func options() throws {
    let text = try Repository.text("README.md")
    let names = Set(text.matches(of: #/`--([a-z-]+)/#).map { String($0.output.1) })
    let declared = Set(
      Repository.sources.filter { ["clinicd", "ClinicCommands"].contains($0.target) }
        .filter { $0.mentions("@Option", "@Flag") }
        .flatMap { Self.optionNames(in: $0.text) })
    #expect(names.subtracting(declared).subtracting(["help", "check", "json", "fix"]) == [])
  }

  /// The names of options that a file declares: `var dataDir`, `.customLong("ca-file")`.
  private static func optionNames(in text: String) -> [String] {
    let explicit = text.matches(of: #/customLong\("([a-z-]+)"/#).map { String($0.output.1) }
    let variables = text.matches(of: #/\bvar ([A-Za-z]+)/#).map { kebab($0.output.1) }
    return explicit + variables
  }

  /// `databaseURL` as `database-url`, as ArgumentParser does it.
  private static func kebab(_ name: Substring) -> String {
    var result = ""
    var previousIsLower = false
    for character in name {
      if character.isUppercase, previousIsLower { result.append("-") }
      result += character.lowercased()
      previousIsLower = character.isLowercase
    }
    return result
  }
}

extension Repository {
  /// Whether a command of clinicctl only holds others.
  fileprivate static func isCommandGroup(_ name: Substring) -> Bool {
    sources.contains { file in
      file.target == "ClinicCommands" && file.mentions("subcommands: [")
        && file.mentions("commandName: \"\(name)\"")
    }
  }
}
