@testable import ClinicCommands
import ArgumentParser
import Testing

@Suite("Command line")
struct CommandLineTests {
  @Test("help of the tool", .tags(.golden))
  func help() {
    #expect(
      Clinicctl.helpMessage(columns: 80) == """
        OVERVIEW: Works with a clinic's server from a terminal.

        Begin with: clinicctl login --server HOST:PORT --company NAME --email ADDRESS

        Further help: clinicctl help exit-codes, clinicctl help environment, clinicctl
        help mapping.

        USAGE: clinicctl [--profile <name>] <command> …

        OPTIONS:
          --profile <name>        The profile to work with.
                Default: CLINICCTL_PROFILE, else the one in use.
          -o, --output <format>   How to show replies. Default: table, json for call.
                                  (values: table, json, yaml, csv)
          --color <when>          When to colour. (values: auto, always, never;
                                  default: auto)
          --timeout <seconds>     How long to wait for the server. Default: as long as
                                  the method allows.
          -q, --quiet             Say nothing on standard error but errors.
          --version               Show the version.
          -h, --help              Show help information.

        CLINIC SUBCOMMANDS:
          dashboard               Shows the clinic's day: who is where, and what is
                                  late.
          patient                 Finds, keeps, imports and exports patients.
          note                    Keeps notes on patients and appointments.
          follow-up               Keeps what has to be done, by whom and until when.
          staff                   Keeps the clinic's staff accounts.
          role                    Keeps the clinic's roles.
          service-account         Keeps the accounts that programs call with.
          api-key                 Makes, changes, replaces and revokes the keys of
                                  service accounts.
          company                 Keeps clinics, and the settings of one's own.
          session                 Lists and ends sessions.
          changes                 Shows who changed what in the clinic, and when.
          webhook                 Keeps the addresses that the clinic's changes are
                                  sent to.
          usage                   Shows what the clinic and its callers used of their
                                  limits.

        APPOINTMENTS SUBCOMMANDS:
          calendar                Shows the calendar of practitioners, rooms and
                                  equipment.
          slot                    Finds free times.
          appointment             Books appointments and keeps what becomes of them.
          series                  Books, changes and cancels series of appointments.
          waitlist                Keeps the waitlist and its offers.
          resource                Keeps practitioners, rooms and equipment.
          appointment-type        Keeps the kinds of appointments.
          availability            Keeps leave, closures and extra hours.

        ACCOUNT SUBCOMMANDS:
          login                   Logs in, and keeps the profile and the session.
          logout                  Ends the session and forgets its credentials.
          whoami                  Shows who is logged in, where, and what they may do.
          change-password         Changes one's own password and ends one's other
                                  sessions.
          profile                 Keeps where and as whom to log in.

        CONTRACT SUBCOMMANDS:
          call                    Calls any method of the contracts with JSON.
          describe                Shows the contracts: services, methods, messages and
                                  enums.

        TOOL SUBCOMMANDS:
          completions             Shows a script that completes commands in a shell.
          version                 Shows the version of the tool.

          See 'clinicctl help <subcommand>' for detailed help.
        """)
  }

  /// Every command with the words that call it.
  static let commands: [[String]] = {
    func walk(_ command: any ParsableCommand.Type, _ words: [String]) -> [[String]] {
      [words]
        + CommandTree.subcommands(of: command).flatMap { child in
          walk(child, words + [CommandTree.name(of: child)])
        }
    }
    return walk(Clinicctl.self, [])
  }()

  @Test("every command explains itself", arguments: commands)
  func commandHelp(_ words: [String]) async {
    let outcome = await CommandBench(home: "/nonexistent").run(words + ["--help"])
    #expect(outcome.status == .success)
    #expect(outcome.output.hasPrefix("OVERVIEW: "))
    #expect(outcome.errors == "")
  }

  @Test("the issue's commands are there")
  func promised() {
    let words = Set(Self.commands.map { $0.joined(separator: " ") })
    for promised in [
      "patient import", "patient search", "patient get", "patient list", "patient create",
      "patient update", "patient archive", "patient restore", "patient delete", "patient export",
      "staff list", "staff create", "staff reset-password", "role permissions", "company suspend",
      "company settings set", "session revoke", "call", "describe", "profile use", "completions",
      "version", "login", "logout", "whoami"
    ] { #expect(words.contains(promised), "\(promised)") }
  }

  @Test(
    "a mistyped command or option is answered with what was meant",
    arguments: [
      (["patiant", "list"], "patient"), (["patient", "serach", "x"], "search"),
      (["--profile", "x", "staf", "list"], "staff"), (["-o", "json", "compny"], "company"),
      (["company", "setings", "get"], "settings"), (["patient", "list", "--al"], "--all"),
      (["patient", "list", "--page-sise", "3"], "--page-size"), (["descibe"], "describe")
    ])
  func suggestions(_ words: [String], _ meant: String) async {
    let outcome = await CommandBench(home: "/nonexistent").run(words)
    #expect(outcome.status == .usage)
    #expect(outcome.output == "")
    let isNamed = outcome.errors.lowercased().contains("did you mean '\(meant)'?")
    #expect(isNamed, "\(outcome.errors)")
  }

  @Test(
    "a wrong command line ends with 2 and says so on standard error",
    arguments: [
      ["patient", "get"], ["patient", "list", "--page-size", "0"],
      ["patient", "list", "--page-size", "1001"],
      ["patient", "search", "x", "--limit", "101"], ["-o", "xml", "version"],
      ["patient", "list", "--state", "active", "--include-archived"], ["--timeout", "0", "version"],
      ["patient", "import", "x.csv", "--date-format", "DD"], ["session", "revoke"],
      ["role", "create", "--permission", "patients.raed"], ["completions", "tcsh"],
      ["patient", "update", "7", "--set", "name.family"], ["call"],
      ["profile", "set", "x", "--server", "nowhere"],
      ["company", "settings", "set", "--open", "someday 9-5"]
    ])
  func usage(_ words: [String]) async {
    let outcome = await CommandBench(home: "/nonexistent").run(words)
    #expect(outcome.status == .usage)
    #expect(outcome.errors.hasPrefix("Error: "))
    #expect(outcome.output == "")
  }

  @Test(
    "help on what does not exist is answered with what was meant",
    arguments: [
      (["help", "patiant"], "patient"), (["patiant", "--help"], "patient"),
      (["help", "patient", "serach"], "search"), (["patient", "serach", "-h"], "search"),
      (["-o", "json", "company", "setings", "--help"], "settings"), (["help", "maping"], "mapping")
    ])
  func helpSuggestions(_ words: [String], _ meant: String) async {
    let outcome = await CommandBench(home: "/nonexistent").run(words)
    #expect(outcome.status == .usage)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("Hint: did you mean '\(meant)'?"), "\(outcome.errors)")
    let nothing = await CommandBench(home: "/nonexistent").run("help", "zzzzzz")
    #expect(nothing.status == .usage)
    #expect(nothing.errors.contains("clinicctl --help"))
  }

  @Test(
    "what takes something away asks before, and scripts say --yes",
    arguments: [
      ["series", "cancel", "7", "--by", "patient", "--reason", "other"],
      ["appointment", "cancel", "7", "--by", "patient", "--reason", "other"],
      ["waitlist", "remove", "7"], ["availability", "delete", "7"], ["resource", "retire", "7"],
      ["appointment-type", "retire", "7"], ["follow-up", "cancel", "7", "--reason", "done"],
      ["api-key", "rotate", "7"]
    ])
  func confirmations(_ words: [String]) async {
    var bench = CommandBench(home: "/nonexistent")
    #expect(await bench.run(words).status == .declined)
    bench.isTerminal = true
    bench.input = "n\n"
    let refused = await bench.run(words)
    #expect(refused.status == .declined)
    #expect(refused.errors.contains("7"))
    #expect(refused.errors.contains(" [y/N] "))
    // There is no profile to go ahead with.
    for consent in ["--yes", "-y", "--validate-only"] {
      #expect(await bench.run(words + [consent]).status == .usage)
    }
  }

  @Test("exit codes are documented, each once")
  func exitCodes() async {
    let outcome = await CommandBench(home: "/nonexistent").run("help", "exit-codes")
    #expect(outcome.status == .success)
    for status in CommandStatus.allCases {
      #expect(
        outcome.output.split(separator: "\n").count { $0.hasPrefix("  \(status.rawValue) ") } == 1)
    }
    #expect(CommandStatus.usage.rawValue == 2)
    #expect(CommandStatus.success.rawValue == 0)
  }

  @Test("help topics are there", arguments: HelpTopic.allCases)
  func topics(_ topic: HelpTopic) async {
    let outcome = await CommandBench(home: "/nonexistent").run("help", topic.rawValue)
    #expect(outcome.status == .success)
    #expect(!outcome.output.isEmpty)
  }

  @Test("global options stand before or behind the command")
  func globalOptions() throws {
    for words in [
      ["--profile", "demo", "-o", "csv", "patient", "list"],
      ["patient", "list", "--profile", "demo", "-o", "csv"],
      ["--profile", "demo", "patient", "-o", "csv", "list"]
    ] {
      let command = try #require(try CommandLineTool.parse(words) as? PatientListCommand)
      #expect(command.globals.profile == "demo", "\(words)")
      #expect(command.globals.output == .csv, "\(words)")
    }
  }

  @Test("completions are made for every shell", arguments: ["bash", "zsh", "fish"])
  func completions(_ shell: String) async {
    let outcome = await CommandBench(home: "/nonexistent").run("completions", shell)
    #expect(outcome.status == .success)
    #expect(outcome.output.contains("clinicctl"))
  }

  @Test("request ids are random UUIDs of version 4")
  func identifiers() {
    let identifiers = (0..<100).map { _ in CommandEnvironment.process.makeIdentifier() }
    #expect(Set(identifiers).count == 100)
    let pattern = #/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/#
    for identifier in identifiers { #expect(identifier.wholeMatch(of: pattern) != nil) }
  }

  @Test("errors are coloured on demand", arguments: [["--color", "always"], ["--color=always"]])
  func coloredErrors(_ option: [String]) async {
    let outcome = await CommandBench(home: "/nonexistent").run(option + ["patient", "get"])
    #expect(outcome.errors.hasPrefix("\u{1B}[31mError:"))
  }

  @Test("the version is shown in every format")
  func version() async {
    let bench = CommandBench(home: "/nonexistent")
    #expect(await bench.run("version").output == "clinicctl \(Clinicctl.toolVersion)\n")
    #expect(
      await bench.run("version", "-o", "json").output
        == "{\n  \"version\": \"\(Clinicctl.toolVersion)\"\n}\n")
    #expect(await bench.run("--version").output == "\(Clinicctl.toolVersion)\n")
  }
}

extension Tag {
  /// Compares with a text that is kept in the test.
  @Tag static var golden: Self
}
