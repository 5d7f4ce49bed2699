internal import Logging
internal import PostgresClient
internal import RPCCore
internal import struct Foundation.UUID

/// What has to be done from time to time: forgetting old replies, sessions, API keys and usage.
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
    _ = try await database.client.query(
      SessionStatements.forgetOldFailures(), deadline: Deadline.after(.seconds(60)).postgres)
    var after = ""
    while true {
      let rows = try await database.read(
        CompanyStatements.directory(after, Int16(0), Int32(500)), in: Platform.companyID,
        deadline: .after(.seconds(60)))
      for index in 0..<rows.count {
        await clean(try rows[index].decode(0, as: UUID.self))
        after = try rows[index].decode(1)
      }
      if rows.count < 500 { break }
    }
    await clean(Platform.companyID)
  }

  /// Cleans up after one clinic; what fails with one is no reason to leave out the next.
  private func clean(_ companyID: UUID) async {
    do {
      try await database.transaction(in: companyID, deadline: .after(.seconds(60))) { transaction in
        _ = try await transaction.pipeline([
          TenancyStatements.forgetRequests(companyID), SessionStatements.forget(companyID),
          ApiKeyStatements.forget(companyID), QuotaStatements.forget(companyID)
        ])
      }
    } catch {
      logger.warning(
        "housekeeping failed",
        metadata: ["company": "\(companyID.text)", "error": "\(ErrorText.forLog(error))"])
    }
  }
}
