package import Logging
package import PostgresClient
internal import RPCCore
internal import Synchronization
internal import struct Foundation.UUID

/// Tells every server of the platform that clinics' change logs have grown.
///
/// Not inside of the transactions that make them grow: PostgreSQL takes one lock for the whole
/// database at the commit of a transaction that notifies, and holds it while the commit is flushed
/// to disk, so that all clinics' changes would wait in one line. Instead, this server tells itself
/// at once and the others right after the commit, many changes in one notification, which flushes
/// nothing. What a server that is killed in between leaves untold, ``ChangeHub`` finds by its
/// heartbeat.
package final class ChangeAnnouncer: Sendable {
  /// The channel of these notifications.
  static let channel = "clinic_changes"

  /// Stands for the end of a log that may have grown, nobody knows how far.
  static let unknown = Int64.max

  /// The least time between two notifications of this server.
  private static let interval = Duration.milliseconds(5)

  private struct State {
    /// The new ends of the logs that the others do not know of.
    var waiting: [UUID: Int64] = [:]
    var listeners: [@Sendable (UUID, Int64) -> Void] = []
  }

  private let state = Mutex(State())
  private let (wakes, wake) = AsyncStream.makeStream(
    of: Void.self, bufferingPolicy: .bufferingNewest(1))
  private let client: PostgresClient
  private let logger: Logger

  package init(client: PostgresClient, logger: Logger) {
    self.client = client
    self.logger = logger
  }

  /// Has a listener of this server told of what it announces.
  func onAnnouncement(_ listener: @escaping @Sendable (UUID, Int64) -> Void) {
    state.withLock { $0.listeners.append(listener) }
  }

  /// Announces that a clinic's log now ends with an entry.
  func announce(_ companyID: UUID, sequence: Int64) {
    let listeners = state.withLock { state in
      state.waiting[companyID] = max(state.waiting[companyID] ?? 0, sequence)
      return state.listeners
    }
    wake.yield()
    for listener in listeners { listener(companyID, sequence) }
  }

  /// Notifies the other servers until the task is cancelled. What waits then is its owner's to
  /// flush.
  package func run() async {
    for await _ in wakes {
      await flush()
      try? await Task.sleep(for: Self.interval)
    }
  }

  /// Notifies the other servers of what waits. What they cannot be told waits on.
  package func flush() async {
    let ends = state.withLock { state in
      defer { state.waiting = [:] }
      return state.waiting
    }
    guard !ends.isEmpty else { return }
    do {
      _ = try await client.pipeline(
        [ChangeLog.notify(Self.lines(ends))], deadline: Deadline.after(.seconds(10)).postgres)
    } catch {
      logger.warning("changes not announced", metadata: ["error": "\(ErrorText.forLog(error))"])
      state.withLock { $0.waiting.merge(ends) { max($0, $1) } }
      guard !Task.isCancelled else { return }
      try? await Task.sleep(for: .milliseconds(250))
      wake.yield()
    }
  }

  /// The texts of the notifications: a notification holds up to 7,999 bytes.
  private static func lines(_ ends: [UUID: Int64]) -> [String] {
    let entries = ends.map { "\($0.key.text) \($0.value)" }
    return stride(from: 0, to: entries.count, by: 128).map { start in
      entries[start..<min(start + 128, entries.count)].joined(separator: "\n")
    }
  }

  /// The clinics of a notification, and where their logs end.
  static func ends(in payload: String) -> [(companyID: UUID, sequence: Int64)] {
    payload.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ")
      guard parts.count == 2, let companyID = UUID(text: parts[0]), let sequence = Int64(parts[1])
      else { return nil }
      return (companyID, sequence)
    }
  }
}
