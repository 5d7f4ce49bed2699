import Synchronization

/// One batch of statements on its way through the I/O thread.
///
/// `@unchecked Sendable`: the caller fills it before it is posted and reads `rows` after its
/// continuation was resumed; in between only the I/O thread touches it. `isCancelled` is atomic.
final class PostgresCall: @unchecked Sendable {
  /// What travels to the server.
  enum Work {
    /// Statements in the extended protocol, ended by one Sync.
    case batch([SQLQuery])
    /// SQL text in the simple protocol; may hold several statements.
    case script(String)
  }

  private(set) var work: Work
  /// Results of statements before this one are dropped.
  private(set) var firstWanted: Int
  /// Whether the batch may run again if its connection dies.
  let isReadOnly: Bool
  let deadline: MonotonicTime
  /// Set by the task's cancellation handler, maybe before the call was posted.
  let isCancelled = Atomic(false)

  // The I/O thread's part.
  var continuation: UnsafeContinuation<Void, any Error>?
  /// Internal calls (rollback of a returned lease, LISTEN) have a closure instead.
  var onFinish: (((any Error)?) -> Void)?
  var rows: [PostgresRows] = []
  var phase = Phase.new
  /// The caller got its answer, in time or not.
  var isFinished = false
  /// When the caller was answered before its results arrived; the first of those who share.
  var abandonedAt: MonotonicTime? {
    get { calls.isEmpty ? answeredEarlyAt : calls.lazy.compactMap(\.answeredEarlyAt).min() }
    set { answeredEarlyAt = newValue }
  }
  private var answeredEarlyAt: MonotonicTime?
  /// The first error the server reported for the batch.
  var failure: PostgresError?
  /// The failed statement's plan or name was stale, so that running the batch again can help.
  var isStale = false
  var attempts = 0
  /// The command whose result comes next.
  var commandIndex = 0
  /// What was sent, in order; empty if it was just the statements.
  private var commands: [Command] = []

  /// The calls that share this batch; empty if it is one caller's own.
  private(set) var calls: [PostgresCall] = []
  /// What of the batch's results answers them.
  private(set) var shares: [SharedStatements.Share] = []
  /// The lane of the shared queue that the batch was sent from.
  var lane: SharedQueue.Lane?

  enum Phase {
    case new
    case queued
    case sent(connection: Int)
  }

  /// One command of the pipeline.
  enum Command {
    /// PREPARE of the statement with this index, right in front of it.
    case prepare(PreparedStatement, statement: Int)
    case deallocate
    case statement(Int)
  }

  init(
    _ work: Work, firstWanted: Int = 0, isReadOnly: Bool = false,
    deadline: MonotonicTime = .distantFuture
  ) {
    self.work = work
    self.firstWanted = firstWanted
    self.isReadOnly = isReadOnly
    self.deadline = deadline
  }

  /// One batch for read-only calls that all may share: their common prelude, then the statements
  /// that answer them.
  init(sharedBy calls: [PostgresCall]) {
    var shared = SharedStatements()
    for call in calls {
      if case .batch(let statements) = call.work { shared.add(statements) }
    }
    work = .batch(shared.statements)
    shares = shared.shares
    firstWanted = 1
    isReadOnly = true
    deadline = .distantFuture
    self.calls = calls
  }

  /// What enters the call's tenant, if that is how it begins.
  var prelude: SharedQueue.Prelude? {
    guard firstWanted == 1, case .batch(let statements) = work else { return nil }
    return SharedQueue.Prelude(statements[0])
  }

  /// Whether the call may share a batch with its neighbours. Those whose batch failed go alone.
  var mayShare: Bool {
    guard isReadOnly, firstWanted == 1, attempts == 0 else { return false }
    return statementCount == 2
  }

  /// What a batch's results say to one of its calls.
  func rows(of share: SharedStatements.Share) -> PostgresRows {
    let rows = rows[share.place]
    guard let key = share.key else { return rows }
    return key.withUnsafeBytes { rows.row(keyed: $0) }
  }

  /// The callers of this batch.
  func forEachCaller(_ body: (PostgresCall) -> Void) {
    if calls.isEmpty { body(self) } else { calls.forEach(body) }
  }

  /// The number of statements.
  var statementCount: Int {
    switch work {
    case .batch(let statements): statements.count
    case .script: 1
    }
  }

  /// Whether every statement was answered, so that only the end of the batch is missing.
  var hasAllResults: Bool {
    commandIndex >= (commands.isEmpty ? statementCount : commands.count)
  }

  /// Whether the batch failed, or has exactly one result for each statement whose result is wanted.
  var isComplete: Bool {
    isFinished || failure != nil
      || (hasAllResults && rows.count == max(0, statementCount - firstWanted))
  }

  /// The command whose result comes next.
  var currentCommand: Command {
    commands.indices.contains(commandIndex) ? commands[commandIndex] : .statement(commandIndex)
  }

  /// Notes a command that was sent in front of a statement.
  func noteHousekeeping(_ command: Command, before statement: Int) {
    if commands.isEmpty { commands = (0..<statement).map(Command.statement) }
    commands.append(command)
  }

  /// Notes a statement that was sent.
  func noteSent(statement: Int) {
    if !commands.isEmpty { commands.append(.statement(statement)) }
  }

  /// Whether the server may have got it.
  var wasSent: Bool {
    if case .sent = phase { true } else { attempts > 0 }
  }

  /// Puts statements in front, whose results are dropped. Only before the call is posted.
  func prepend(_ prelude: [SQLQuery]) {
    guard case .batch(let statements) = work, !prelude.isEmpty else { return }
    work = .batch(prelude + statements)
    firstWanted += prelude.count
  }

  /// Makes the call ready to be sent once more.
  func prepareForAnotherAttempt() {
    rows.removeAll(keepingCapacity: true)
    failure = nil
    isStale = false
    commandIndex = 0
    commands.removeAll()
    attempts += 1
    phase = .queued
  }
}
