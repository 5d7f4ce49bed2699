package import ClinicContracts
internal import PostgresClient
package import RPCCore
internal import Synchronization
package import struct Foundation.UUID

extension Database {
  /// A clinic's settings. A change of them counts at once on the server that made it, on the others
  /// as soon as they hear of it, and within ``SettingsCache/lifetime`` where they do not hear.
  package func settings(of companyID: UUID, deadline: Deadline) async throws -> CompanySettings {
    try await knownSettings(of: companyID, deadline: deadline).settings
  }

  /// As ``settings(of:deadline:)``, with the version of the record that they are from.
  func knownSettings(of companyID: UUID, deadline: Deadline) async throws -> KnownSettings {
    if let settings = settingsCache.settings(of: companyID) { return settings }
    let generation = settingsCache.generation
    let rows = try await read(CompanyStatements.get(companyID), in: companyID, deadline: deadline)
    guard rows.count == 1 else { throw CompanyHandler.notFound }
    let company = try Company(row: rows[0])
    let settings = KnownSettings(
      settings: company.settings ?? CompanySettings(),
      version: VersionTag.version(company.etag) ?? 0)
    settingsCache.remember(settings, of: companyID, asOf: generation)
    return settings
  }
}

/// A clinic's settings, and the version of its record that they are from.
struct KnownSettings: Sendable {
  let settings: CompanySettings
  let version: Int64
}

/// Remembers clinics' settings for a moment: how a telephone number is read, which day it is, when
/// the clinic is open.
final class SettingsCache: Sendable {
  static let lifetime = Duration.seconds(1)
  static let capacity = 10_000

  private struct State {
    var entries: [UUID: (settings: KnownSettings, until: Deadline)] = [:]
    /// Counts the changes: what was read before one is not remembered after it.
    var generation: UInt64 = 0
  }

  private let state = Mutex(State())

  var generation: UInt64 { state.withLock { $0.generation } }

  func settings(of companyID: UUID) -> KnownSettings? {
    state.withLock { state in
      guard let entry = state.entries[companyID], !entry.until.hasPassed else { return nil }
      return entry.settings
    }
  }

  func remember(_ settings: KnownSettings, of companyID: UUID, asOf generation: UInt64) {
    state.withLock { state in
      guard state.generation == generation else { return }
      if state.entries.count >= Self.capacity { state.entries.removeAll() }
      state.entries[companyID] = (settings, .after(Self.lifetime))
    }
  }

  /// Forgets a clinic's settings, or all of them.
  func forget(_ companyID: UUID? = nil) {
    state.withLock { state in
      state.generation += 1
      if let companyID { state.entries[companyID] = nil } else { state.entries = [:] }
    }
  }
}
