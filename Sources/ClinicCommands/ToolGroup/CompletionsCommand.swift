internal import ArgumentParser

/// `clinicctl completions SHELL`
struct CompletionsCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Shows a script that completes commands in a shell.",
    discussion: """
      bash: clinicctl completions bash > /etc/bash_completion.d/clinicctl
      zsh:  clinicctl completions zsh > ~/.zfunc/_clinicctl
      fish: clinicctl completions fish > ~/.config/fish/completions/clinicctl.fish
      """)

  @OptionGroup package var globals: GlobalOptions

  @Argument(
    help: "bash, zsh or fish.",
    completion: .list(CompletionShell.allCases.map(\.rawValue)))
  var shell: String

  init() {}

  func validate() throws {
    guard CompletionShell(rawValue: shell) != nil else {
      throw ValidationError("'\(shell)' is none of bash, zsh and fish")
    }
  }

  func run(_ context: CommandContext) async throws {
    guard let shell = CompletionShell(rawValue: shell) else { return }
    try context.environment.output.write(Clinicctl.completionScript(for: shell) + "\n")
  }
}
