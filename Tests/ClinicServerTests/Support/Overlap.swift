import ClinicContracts
import Foundation
import Logging
import PostgresClient
import RPCCore
import Synchronization
import TestSupport

/// Two calls of one clinic that overlap in a certain way: the first has done everything but commit
/// when the second begins, and commits when the second has done everything, or waits for it.
///
/// Every change ends with an entry in the clinic's log. While its end is locked, changes stop there.
struct Overlap<First: Sendable, Second: Sendable>: Sendable {
  let first: Result<First, RPCError>
  let second: Result<Second, RPCError>

  init(
    in clinic: TestClinic, _ earlier: @escaping @Sendable () async throws -> First,
    _ later: @escaping @Sendable () async throws -> Second
  ) async throws {
    var configuration = PostgresConfiguration(connectionString: clinic.server.superuser)
    configuration.sharedConnections = 0
    configuration.leasedConnections = 2
    let client = try PostgresClient(
      configuration: configuration,
      logger: Logger(label: "overlap", factory: { _ in SwiftLogNoOpLogHandler() }))
    try client.start()
    let company = try requireValue(UUID(uuidString: clinic.company.companyID))
    // Unstructured, since they end only after the transaction in which they begin: awaited below.
    let calls = try await client.withTransaction { transaction in
      let rows = try await transaction.query(
        """
        select pg_backend_pid() from clinic.change_heads
        where company_id = \(company) for update
        """)
      let holder: Int32 = try rows[0].decode(0)
      let first = Task { await Self.result(of: earlier) }
      try await Self.wait(for: 1, behind: holder, client) { false }
      let isDone = Atomic(false)
      let second = Task {
        let result = await Self.result(of: later)
        isDone.store(true, ordering: .relaxed)
        return result
      }
      try await Self.wait(for: 2, behind: holder, client) { isDone.load(ordering: .relaxed) }
      return (first: first, second: second)
    }
    self.first = await calls.first.value
    self.second = await calls.second.value
    await client.shutdown()
  }

  private static func result<Value>(
    of call: () async throws -> Value
  ) async -> Result<Value, RPCError> {
    do {
      return .success(try await call())
    } catch let error as RPCError {
      return .failure(error)
    } catch {
      return .failure(RPCError(code: .unknown, message: "\(error)"))
    }
  }

  /// Returns when so many transactions wait for one, or for others that do.
  private static func wait(
    for count: Int64, behind holder: Int32, _ client: PostgresClient, orUntil isOver: () -> Bool
  ) async throws {
    for _ in 0..<1_000 where !isOver() {
      let rows = try await client.withConnection {
        try await $0.query(
          """
          with recursive waiting (pid) as (
            select \(holder)::int4 union
            select a.pid from pg_stat_activity a
            join waiting w on w.pid = any (pg_blocking_pids(a.pid))
          )
          select count(*) - 1 from waiting
          """)
      }
      if try rows[0].decode(0, as: Int64.self) >= count { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    guard isOver() else { throw TestSupportError("\(count) calls do not overlap") }
  }
}

extension Result where Failure == RPCError {
  /// The error; nil where it succeeded.
  var failure: RPCError? { if case .failure(let error) = self { error } else { nil } }
}
