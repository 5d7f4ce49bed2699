internal import Foundation
internal import PostgresClient

/// Revokes the calendar feeds of an account that is closed: whoever made one knows its address.
enum CalendarFeedEnding {
  static func revokeAll(of accountID: UUID, by mutation: Mutation) async throws {
    let rows = try await mutation.query(
      CalendarFeedStatements.revokeAll(mutation.companyID, accountID))
    mutation.log(
      Change(.revoked, .calendarFeed, try (0..<rows.count).map { try rows[$0].decode(0) }))
  }
}
