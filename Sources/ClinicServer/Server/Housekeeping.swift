internal import Logging
internal import PostgresClient
internal import RPCCore
internal import struct Foundation.UUID

/// What has to be done from time to time: forgetting old replies, sessions and usage.
struct Housekeeping: Sendable {
  static let interval = Duration.seconds(3_600)

  let database: Database
  let logger: Logger

  /// Works once an hour until cancelled. Every server does: deleting twice does no harm.
  func run() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: Self.interval)
      guard !Task.isCancelled else { return }
      do {
        try await clean()
      } catch {
        logger.warning("housekeeping failed", metadata: ["error": "\(ErrorText.forLog(error))"])
      }
    }
  }

  private func clean() async throws {
    let deadline = Deadline.after(.seconds(300))
    _ = try await database.client.query(
      SessionStatements.forgetOldFailures(), deadline: deadline.postgres)
    var after = ""
    while true {
      let rows = try await database.read(
        CompanyStatements.directory(after, Int16(0), Int32(500)), in: Platform.companyID,
        deadline: deadline)
      for index in 0..<rows.count {
        try await clean(try rows[index].decode(0, as: UUID.self), deadline: deadline)
        after = try rows[index].decode(1)
      }
      if rows.count < 500 { break }
    }
    try await clean(Platform.companyID, deadline: deadline)
  }

  private func clean(_ companyID: UUID, deadline: Deadline) async throws {
    try await database.transaction(in: companyID, deadline: deadline) { transaction in
      _ = try await transaction.pipeline([
        TenancyStatements.forgetRequests(companyID), SessionStatements.forget(companyID),
        QuotaStatements.forget(companyID)
      ])
    }
  }
}
