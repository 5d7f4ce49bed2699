package import ClinicContracts
internal import PostgresClient
package import RPCCore
internal import Synchronization
package import struct Foundation.UUID

extension Database {
  /// A clinic's settings, at most ``SettingsCache/lifetime`` old.
  package func settings(of companyID: UUID, deadline: Deadline) async throws -> CompanySettings {
    if let settings = settingsCache.settings(of: companyID) { return settings }
    let rows = try await read(CompanyStatements.get(companyID), in: companyID, deadline: deadline)
    guard rows.count == 1 else { throw CompanyHandler.notFound }
    let settings = try Company(row: rows[0]).settings ?? CompanySettings()
    settingsCache.remember(settings, of: companyID)
    return settings
  }
}

/// Remembers clinics' settings for a few seconds: they decide how a telephone number is read, not
/// who may do what.
final class SettingsCache: Sendable {
  static let lifetime = Duration.seconds(5)
  static let capacity = 10_000

  private let entries = Mutex<[UUID: (settings: CompanySettings, until: Deadline)]>([:])

  func settings(of companyID: UUID) -> CompanySettings? {
    entries.withLock { entries in
      guard let entry = entries[companyID], !entry.until.hasPassed else { return nil }
      return entry.settings
    }
  }

  func remember(_ settings: CompanySettings, of companyID: UUID) {
    entries.withLock { entries in
      if entries.count >= Self.capacity { entries.removeAll() }
      entries[companyID] = (settings, .after(Self.lifetime))
    }
  }
}
