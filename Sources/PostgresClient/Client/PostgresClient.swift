public import Logging
import Synchronization

/// A client of one PostgreSQL server (or of several behind one multi-host connection string).
///
/// Two lanes. The shared lane sends the statements of many callers over a few pipelined
/// connections: one batch is one implicit transaction and one round trip. The leased lane lends a
/// connection to one caller at a time, for transactions with several steps and for long statements.
///
/// One I/O thread owns all connections; callers are resumed directly on their own executors.
public final class PostgresClient: Sendable {
  let loop: IOLoop

  /// Checks the configuration; connects nothing before ``start()`` or ``run()``.
  public init(configuration: PostgresConfiguration, logger: Logger) throws {
    _ = try configuration.parameters()
    loop = try IOLoop(configuration: configuration, logger: logger)
  }

  deinit { _ = loop.post(.shutDown) }

  // MARK: Lifecycle

  /// Starts the client's threads, which begin to connect. Later calls do nothing.
  public func start() throws { try loop.start() }

  /// Runs the client until the task is cancelled or ``shutdown()`` is called.
  public func run() async throws {
    try start()
    await withTaskCancellationHandler {
      await loop.waitForTermination()
    } onCancel: {
      _ = loop.post(.shutDown)
    }
  }

  /// Refuses new work, waits for what is under way (at most `shutdownGrace`) and ends. Idempotent.
  public func shutdown() async {
    _ = loop.post(.shutDown)
    await loop.waitForTermination()
  }

  /// Whether a shared connection is ready; for health checks.
  public var isAvailable: Bool { loop.isAvailable.load(ordering: .acquiring) }

  /// Returns when a query was answered; throws the last error when `timeout` is over.
  public func waitUntilAvailable(timeout: Duration = .seconds(10)) async throws {
    let deadline = ContinuousClock.now + timeout
    while true {
      do {
        let rows =
          loop.configuration.sharedConnections > 0
          ? try await query("select 1", deadline: deadline)
          : try await withConnection(deadline: deadline) { try await $0.query("select 1") }
        if rows.count == 1 { return }
      } catch {
        if ContinuousClock.now >= deadline { throw error }
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// A look at queues, pool and counters.
  public var metrics: PostgresMetrics { loop.metrics.withLock { $0 } }

  // MARK: Shared lane

  /// Runs a batch as one implicit transaction in one round trip: all of its statements take effect,
  /// or none. It must not hold BEGIN, COMMIT or session settings.
  ///
  /// - Parameters:
  ///   - batch: The statements, run in order. The first error ends the batch.
  ///   - prelude: What enters a tenant, before them. Its rows are dropped, and the batch takes the
  ///     tenant's turn.
  ///   - readOnly: The batch changes nothing, so that it may run again if its connection dies.
  ///   - deadline: When the caller is answered at the latest, by default after `defaultTimeout`. A
  ///     statement that still runs then is cancelled on the server.
  /// - Returns: One result for each statement.
  /// - Throws: ``PostgresError``, ``PostgresClientError`` or `CancellationError`.
  @discardableResult
  public nonisolated(nonsending) func pipeline(
    _ batch: [SQLQuery], after prelude: SQLQuery? = nil, readOnly: Bool = false,
    deadline: ContinuousClock.Instant? = nil
  ) async throws -> [PostgresRows] {
    guard !batch.isEmpty else { return [] }
    return try await run(batch, after: prelude, readOnly: readOnly, deadline: deadline)
  }

  /// Runs one statement behind an optional prelude, such as the one that enters a tenant, in one
  /// implicit transaction and one round trip. The prelude's rows are dropped.
  @discardableResult
  public nonisolated(nonsending) func query(
    _ query: SQLQuery, after prelude: SQLQuery? = nil, readOnly: Bool = false,
    deadline: ContinuousClock.Instant? = nil
  ) async throws -> PostgresRows {
    try await run(CollectionOfOne(query), after: prelude, readOnly: readOnly, deadline: deadline)
      .first ?? PostgresRows(nil)
  }

  private nonisolated(nonsending) func run(
    _ statements: some Collection<SQLQuery>, after prelude: SQLQuery?, readOnly: Bool,
    deadline: ContinuousClock.Instant?
  ) async throws -> [PostgresRows] {
    var batch: [SQLQuery] = []
    batch.reserveCapacity(statements.count + 1)
    if let prelude { batch.append(prelude.resolved()) }
    for statement in statements { batch.append(statement.resolved()) }
    try IOLoop.check(batch)
    let call = PostgresCall(
      .batch(batch), firstWanted: prelude == nil ? 0 : 1, isReadOnly: readOnly,
      deadline: time(of: deadline))
    return try await submit(call)
  }

  private nonisolated(nonsending) func submit(
    _ call: PostgresCall
  ) async throws -> [PostgresRows] {
    let limit = loop.configuration.sharedQueueLimit
    defer { loop.outstanding.subtract(1, ordering: .relaxed) }
    guard loop.outstanding.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
      throw PostgresClientError(.overloaded, "\(limit) batches are under way already")
    }
    return try await loop.perform(call) { loop.postInTurn($0) }
  }

  /// A call's deadline for the I/O thread.
  func time(of deadline: ContinuousClock.Instant?) -> MonotonicTime {
    deadline == nil ? .now() + loop.configuration.defaultTimeout : MonotonicTime(deadline)
  }

  // MARK: Notifications

  /// Listens on channels. Each iterator is a reader of its own.
  public func notifications(_ channels: [String]) -> PostgresNotifications {
    PostgresNotifications(loop: loop, channels: Set(channels))
  }
}
