internal import Glibc
package import Logging
internal import Synchronization

/// A private PostgreSQL in the server's data folder, made, started, watched and stopped by this
/// process.
///
/// It listens on a Unix socket only. Whoever is this process's user, or the one that the database
/// runs as, logs in as any of the configuration's roles without a password (`peer`); nobody else
/// gets past the socket's folder. As root, the database runs as the user `postgres`.
///
/// Lives: the postmaster is our child and is started again when it dies. When *we* are killed it
/// goes on running; the next server on the folder, which needs the folder's ``DataDirectoryLock``,
/// stops it and starts its own.
package final class EmbeddedPostgres: Sendable {
  /// Where it listens.
  package let endpoint: PostgresEndpoint

  /// The file that holds what it says.
  package let logFile: String

  private let run: PostmasterRun
  private let leftovers: LeftoverPostgres
  private let logger: Logger
  private let currentProcessID = Mutex<Int32?>(nil)

  private init(run: PostmasterRun, logger: Logger) {
    self.run = run
    self.logger = logger
    endpoint = run.cluster.endpoint
    logFile = run.cluster.logFile
    leftovers = LeftoverPostgres(
      cluster: run.cluster.directory, socketPath: run.cluster.endpoint.socketPath, logger: logger)
  }

  /// The postmaster's process id; nil while it is not ready for connections.
  package var processID: Int32? { currentProcessID.withLock { $0 } }

  /// Runs `body` while a PostgreSQL serves: makes the cluster where there is none, starts it, waits
  /// until it takes connections, starts it again whenever it dies, and stops it at the end.
  ///
  /// The caller holds the data folder's ``DataDirectoryLock``.
  ///
  /// - Throws: ``ServerStartupError`` where it cannot be made or started the first time;
  ///   `CancellationError` where the task is cancelled before; what `body` throws.
  package static func withServer<Result>(
    configuration: EmbeddedPostgresConfiguration,
    logger: Logger,
    _ body: (EmbeddedPostgres) async throws -> Result
  ) async throws -> Result {
    let server = try await prepare(configuration, logger: logger)
    let (starts, report) = AsyncStream.makeStream(of: Swift.Result<Void, ServerStartupError>.self)
    // Unstructured: a cancelled body still needs the database to finish its work in order. The
    // task is stopped and awaited on every way out of this function.
    let supervisor = Task { await server.supervise(report) }
    func stop() async {
      supervisor.cancel()
      await supervisor.value
      // Outside of the data folder nothing of ours stays. It is empty by now.
      if server.run.cluster.isSocketElsewhere { rmdir(server.endpoint.socketDirectory) }
    }
    do {
      guard let start = await starts.first(where: { _ in true }) else { throw CancellationError() }
      try start.get()
      let result = try await body(server)
      await stop()
      return result
    } catch {
      await stop()
      throw error
    }
  }

  private static func prepare(
    _ configuration: EmbeddedPostgresConfiguration, logger: Logger
  ) async throws(ServerStartupError) -> EmbeddedPostgres {
    let cluster = try await PostgresCluster.locate(configuration, logger: logger)
    let version = try cluster.version()
    let binaries = try await PostgresBinaries.find(
      in: configuration.binaryDirectory, version: version)
    let run = PostmasterRun(
      cluster: cluster, binaries: binaries, startLimit: configuration.startLimit, logger: logger)
    let server = EmbeddedPostgres(run: run, logger: logger)
    if version == nil {
      try await cluster.create(with: binaries, logger: logger)
    }
    try await server.leftovers.clear()
    try cluster.configure(configuration)
    return server
  }

  /// Keeps a postmaster running until cancelled. Reports its first start, or why there is none.
  private func supervise(
    _ report: AsyncStream<Swift.Result<Void, ServerStartupError>>.Continuation
  ) async {
    await withTaskGroup { group in
      group.addTask { await self.keepLogSmall() }
      do throws(ServerStartupError) {
        try await keepRunning { report.yield(.success(())) }
        report.finish()
      } catch {
        report.yield(.failure(error))
        report.finish()
      }
      group.cancelAll()
    }
  }

  /// - Throws: where the first start fails; later ones are tried again for ever.
  private func keepRunning(
    firstStart: @Sendable () -> Void
  ) async throws(ServerStartupError) {
    var backoff = RestartBackoff()
    var hasServed = false
    while !Task.isCancelled {
      let start = ContinuousClock.now
      do {
        let isFirst = !hasServed
        let ending = try await run.run { id in
          self.currentProcessID.withLock { $0 = id }
          self.logger.info("PostgreSQL is ready", metadata: ["pid": "\(id)"])
          if isFirst { firstStart() }
        }
        currentProcessID.withLock { $0 = nil }
        if Task.isCancelled { return }
        hasServed = try check(ending, hasServed: hasServed)
      } catch  where hasServed {
        logger.error("cannot start PostgreSQL", metadata: ["error": "\(error)"])
      }
      let delay = backoff.delay(afterRunOf: start.duration(to: .now))
      logger.notice("starting PostgreSQL again", metadata: ["delay": "\(delay)"])
      try? await Task.sleep(for: delay)
      await clearLeftovers()
    }
  }

  /// Logs how a postmaster ended. Returns whether one has served by now.
  private func check(
    _ ending: PostmasterRun.Ending, hasServed: Bool
  ) throws(ServerStartupError) -> Bool {
    switch ending {
    case .ended(let status):
      logger.error("PostgreSQL ended by itself", metadata: ["status": "\(status)"])
      return true
    case .neverReady(let status, let log):
      let words = "PostgreSQL did not start (\(status)): \(log) The whole log is in \(logFile)."
      guard hasServed else { throw ServerStartupError(.postgresFailed, words) }
      logger.error("PostgreSQL did not start again", metadata: ["reason": "\(words)"])
      return true
    }
  }

  private func clearLeftovers() async {
    do {
      try await leftovers.clear()
    } catch {
      logger.error("cannot clear away what PostgreSQL left", metadata: ["error": "\(error)"])
    }
  }

  private func keepLogSmall() async {
    while (try? await Task.sleep(for: .seconds(600))) != nil {
      PostgresLog(path: logFile).trim()
    }
  }
}
