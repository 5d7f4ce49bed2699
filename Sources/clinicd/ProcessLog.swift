import ArgumentParser
import ClinicServer
import Logging

/// The process's log, on standard error, so that standard output holds only what is asked for.
enum ProcessLog {
  static func start(level: String?) throws -> Logger {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    var logger = Logger(label: "clinicd")
    if let level {
      guard let parsed = Logger.Level(rawValue: level.lowercased()) else {
        throw ServerStartupError(
          .invalidConfiguration,
          "log-level is \"\(level)\"; it must be trace, debug, info, notice, warning, error or "
            + "critical.")
      }
      logger.logLevel = parsed
    }
    return logger
  }

  /// Runs a command's work; a reason not to start ends the process with a sentence and its code.
  static func reporting(_ work: () async throws -> Void) async throws {
    do {
      try await work()
    } catch let error as ServerStartupError {
      StandardError.write("clinicd: \(error)\n")
      throw ExitCode(error.exitCode)
    }
  }
}
