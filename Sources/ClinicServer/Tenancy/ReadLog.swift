internal import Foundation
internal import Logging
internal import PostgresClient
internal import RPCCore
internal import Synchronization

/// Collects who read which records and writes it in batches, a few times a second, so that a read
/// stays one round trip.
///
/// What is not yet written is lost when the server is killed: at most ``interval`` of reads. While
/// the database cannot be reached the entries wait, up to ``capacity``; past that, reads of
/// personal data are refused rather than left unlogged.
package final class ReadLog: Sendable {
  /// A read of records of one company.
  package struct Entry: Sendable {
    let companyID: UUID
    /// Who read, with which credential. For who reads without an account: nobody, and what let them.
    let accountID: UUID
    let credentialID: UUID
    let method: MethodDescriptor
    let resourceIDs: [UUID]
    let request: RequestIdentifier
  }

  /// The time between two batches.
  package static let interval = Duration.milliseconds(250)

  /// The most entries that wait.
  package static let capacity = 200_000

  /// The most entries of one row.
  static let batch = 2_000

  private struct Item: Sendable {
    let entry: Entry
    let microseconds: Int64

    var source: Source {
      Source(
        accountID: entry.accountID, credentialID: entry.credentialID, method: entry.method)
    }
  }

  /// Whose reads share a row.
  private struct Source: Hashable {
    let accountID: UUID
    let credentialID: UUID
    let method: MethodDescriptor
  }

  private let waiting = Mutex<[Item]>([])
  private let client: PostgresClient
  private let logger: Logger

  init(client: PostgresClient, logger: Logger) {
    self.client = client
    self.logger = logger
  }

  /// Adds an entry.
  package func append(_ entry: Entry) {
    guard !entry.resourceIDs.isEmpty else { return }
    let item = Item(entry: entry, microseconds: PostgresTimestamp.now.microseconds)
    waiting.withLock { $0.append(item) }
  }

  /// Throws UNAVAILABLE where so many entries wait that a further read would go unlogged.
  package func checkCapacity() throws {
    if waiting.withLock({ $0.count }) >= Self.capacity {
      throw RPCError.unavailable(
        "The read log cannot be written at the moment", reason: "READ_LOG_FULL",
        retryAfter: .seconds(5))
    }
  }

  /// Writes batches until the task is cancelled. The last one is its owner's to flush: the database
  /// does no work for a cancelled task.
  package func run() async {
    while (try? await Task.sleep(for: Self.interval)) != nil { await flush() }
  }

  /// Writes what waits. Entries that cannot be written wait on.
  package func flush() async {
    let items = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    for (companyID, items) in Dictionary(grouping: items, by: \.entry.companyID) {
      await write(items, in: companyID)
    }
  }

  private func write(_ items: [Item], in companyID: UUID) async {
    var statements: [BoundStatement] = []
    for group in Dictionary(grouping: items, by: \.source).values {
      for start in stride(from: 0, to: group.count, by: Self.batch) {
        statements.append(
          Self.statement(group[start..<min(start + Self.batch, group.count)], in: companyID))
      }
    }
    do {
      _ = try await client.pipeline(
        statements, after: TenancyStatements.enter(companyID),
        deadline: Deadline.after(.seconds(30)).postgres)
    } catch {
      logger.error(
        "read log not written",
        metadata: ["entries": "\(items.count)", "error": "\(ErrorText.forLog(error))"])
      waiting.withLock { $0.insert(contentsOf: items, at: 0) }
    }
  }

  private static func statement(_ items: ArraySlice<Item>, in companyID: UUID) -> BoundStatement {
    var (times, requests, resources): ([PostgresTimestamp], [String], [UUID]) = ([], [], [])
    for item in items {
      let requestID = item.entry.request.text
      for resourceID in item.entry.resourceIDs {
        times.append(PostgresTimestamp(microseconds: item.microseconds))
        requests.append(requestID)
        resources.append(resourceID)
      }
    }
    let source = items[items.startIndex].source
    return TenancyStatements.appendReads(
      companyID, UUIDv7.make(), source.accountID, source.credentialID, source.method.path, times,
      requests, resources)
  }
}
