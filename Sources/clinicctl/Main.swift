import ClinicCommands
import Glibc

/// The process: runs its command line and exits with the status that comes of it.
@main
enum Main {
  static func main() async {
    // A reader that has gone shows as an error of the write, not as a signal.
    signal(SIGPIPE, SIG_IGN)
    let status = await CommandLineTool.run(arguments: Array(CommandLine.arguments.dropFirst()))
    exit(status.rawValue)
  }
}
