internal import FoundationEssentials
internal import Subprocess
internal import SystemPackage

/// A program of PostgreSQL's, run to its end as the cluster's user. No shell is involved.
struct PostgresCommand: Sendable {
  var executable: String
  var arguments: [String]
  var account: PostgresAccount?
  var input = ""

  struct Output: Sendable {
    var isSuccess: Bool
    var status: String
    var text: String
  }

  /// What the child sees: nothing of ours, so that no PG… variable or locale changes what it does.
  static var environment: Environment {
    .custom([
      "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "LC_MESSAGES": "C", "TZ": "UTC"
    ])
  }

  /// In a session of its own, so that a Ctrl-C for clinicd is not one for the database.
  static var options: PlatformOptions {
    var options = PlatformOptions()
    options.createSession = true
    return options
  }

  /// What to start, in order that it runs as `account`.
  ///
  /// The user is changed by setpriv, which becomes the program and keeps its process id. Changing
  /// it between fork and exec (`PlatformOptions.userID`) hangs in a process of several threads:
  /// the child comes from a bare clone(2), and glibc's setuid waits for threads that it has not.
  var commandLine: (executable: FilePath, arguments: Arguments) {
    guard let account, account.isForeign else {
      return (FilePath(executable), Arguments(arguments))
    }
    let change = [
      "--reuid=\(account.userID)", "--regid=\(account.groupID)", "--clear-groups",
      "--inh-caps=-all", "--", executable
    ]
    return ("/usr/bin/setpriv", Arguments(change + arguments))
  }

  /// Runs the program, and returns what it wrote on both outputs (64 KiB at most).
  func output() async throws -> Output {
    let (executable, arguments) = commandLine
    let result = try await run(
      .path(executable), arguments: arguments, environment: Self.environment,
      workingDirectory: "/", platformOptions: Self.options,
      input: .string(input), output: .string(limit: 65_536), error: .combinedWithOutput)
    return Output(
      isSuccess: result.terminationStatus.isSuccess,
      status: "\(result.terminationStatus)", text: result.standardOutput)
  }
}
