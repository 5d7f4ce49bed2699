import TestSupport

/// One database for tests that leave nothing behind.
actor SharedDatabase {
  static let plain = SharedDatabase()

  private var making: Task<String, any Error>?

  func connectionString() async throws -> String {
    if let making { return try await making.value }
    // Shared by all tests that wait for it; ends by itself.
    let task = Task { try await TestPostgres.shared.makeDatabase("plain") }
    making = task
    return try await task.value
  }
}
