import CLibPQ
import DequeModule

/// One libpq connection in pipeline mode, with the calls that wait for their results in order.
///
/// Confined to the I/O thread (it is not Sendable and only ``IOWorker`` holds it).
final class IOConnection {
  /// What the connection is for.
  enum Role: Equatable {
    /// A place among the shared connections.
    case shared(slot: Int)
    /// Leased to one caller at a time.
    case leased
    /// Listens for notifications.
    case listener
  }

  let id: Int
  let role: Role
  let pg: OpaquePointer
  let socket: Int32
  let usesTLS: Bool

  /// Calls whose answers are on the way, oldest first.
  var inFlight: Deque<PostgresCall> = []
  /// Calls that wait until a cancel request or a script is over.
  var held: Deque<PostgresCall> = []
  var prepared: PreparedStatementCache
  /// libpq could not write everything: the socket is watched for room.
  var wantsWrite = false
  /// What epoll was told last.
  var isWatchedForRoom = false
  /// A cancel request is under way; nothing is sent until it returned.
  var isCancelling = false
  /// When the server was last asked to cancel.
  var lastCancel: MonotonicTime?
  /// Since when what runs was asked to end.
  var askedToEndAt: MonotonicTime?
  /// Until then a late cancel signal may still hit a statement it was not meant for.
  var cancelHazardUntil = MonotonicTime(nanoseconds: 0)
  /// When a batch was last completed, or sent to an idle connection.
  var lastProgress = MonotonicTime(nanoseconds: 0)
  /// A script runs in the simple protocol, outside of pipeline mode.
  var isRunningScript = false
  /// When a leased connection was last given back.
  var idleSince = MonotonicTime(nanoseconds: 0)
  private var isClosed = false

  init(id: Int, role: Role, pg: OpaquePointer, preparedCapacity: Int) {
    self.id = id
    self.role = role
    self.pg = pg
    socket = PQsocket(pg)
    usesTLS = PQsslInUse(pg) != 0
    prepared = PreparedStatementCache(capacity: preparedCapacity)
  }

  /// Ends the session and frees libpq's memory.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    PQfinish(pg)
  }

  deinit { close() }

  /// Whether the session is outside of any transaction, with nothing under way.
  var isClean: Bool {
    inFlight.isEmpty && held.isEmpty && !isCancelling
      && PQtransactionStatus(pg) == PQTRANS_IDLE
  }

  /// libpq's last message, without the line end.
  var lastMessage: String { Self.message(of: pg) }

  static func message(of pg: OpaquePointer) -> String {
    guard let text = PQerrorMessage(pg) else { return "" }
    var message = String(cString: text)
    while message.last?.isNewline == true { message.removeLast() }
    return message
  }
}
