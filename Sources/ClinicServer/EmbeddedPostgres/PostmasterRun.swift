internal import Glibc
internal import Logging
internal import Subprocess
internal import SystemPackage

/// One life of a postmaster: from its start to its end, however that comes.
struct PostmasterRun: Sendable {
  var cluster: PostgresCluster
  var binaries: PostgresBinaries
  var startLimit: Duration
  var logger: Logger

  /// How a life ended.
  enum Ending: Sendable {
    /// Before it took connections; with the last lines of its log.
    case neverReady(status: String, log: String)
    /// After it had taken connections.
    case ended(status: String)
  }

  /// Asks for a fast shutdown, which ends the connections and writes a checkpoint; then, where that
  /// does not help, for an immediate one, which leaves recovery to the next start.
  static let teardown: [TeardownStep] = [
    .send(signal: .interrupt, allowedDurationToNextStep: .seconds(30)),
    .send(signal: .quit, allowedDurationToNextStep: .seconds(10))
  ]

  /// Starts the postmaster and waits for its end. Cancelling stops it.
  ///
  /// - Parameter ready: called once, when it takes connections.
  func run(ready: @Sendable (Int32) -> Void) async throws(ServerStartupError) -> Ending {
    let log = PostgresLog(path: cluster.logFile)
    log.trim()
    let output = try log.open()
    let logged = log.size
    var options = PostgresCommand.options
    options.teardownSequence = Self.teardown
    let (executable, arguments) = PostgresCommand(
      executable: binaries.postgres, arguments: ["-D", cluster.directory], account: cluster.account
    ).commandLine
    do {
      let result = try await Subprocess.run(
        .path(executable), arguments: arguments,
        environment: PostgresCommand.environment, workingDirectory: "/", platformOptions: options,
        input: .none, output: .fileDescriptor(output, closeAfterSpawningProcess: true),
        error: .combinedWithOutput
      ) { execution in
        let id = execution.processIdentifier.value
        guard await becomesReady(id) else { return false }
        ready(id)
        return true
      }
      let status = "\(result.terminationStatus)"
      return result.closureResult
        ? .ended(status: status)
        : .neverReady(status: status, log: log.tail(from: logged))
    } catch {
      throw ServerStartupError(
        .postgresFailed, "Cannot run \(binaries.postgres).", cause: error)
    }
  }

  /// Waits until the postmaster says in its lock file that it takes connections; false where it
  /// ends before, or where it takes too long, in which case it is stopped.
  private func becomesReady(_ id: Int32) async -> Bool {
    let start = ContinuousClock.now
    var nextNotice = Duration.seconds(5)
    while ProcessTable.isRunning(id), !Task.isCancelled {
      if let file = PostmasterFile(cluster: cluster.directory), file.processID == id, file.isReady {
        return true
      }
      let waited = start.duration(to: .now)
      if waited > startLimit {
        logger.error("PostgreSQL does not get ready: stopping it", metadata: ["pid": "\(id)"])
        kill(id, SIGQUIT)
        return false
      }
      if waited > nextNotice {
        logger.notice("waiting for PostgreSQL to recover", metadata: ["pid": "\(id)"])
        nextNotice *= 2
      }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return false
  }
}
