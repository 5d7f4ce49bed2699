import FoundationEssentials
import Glibc
import Logging
import Subprocess
import SystemPackage
import Testing

@testable import ClinicServer

/// A folder that is removed in the end, together with what its cluster left elsewhere.
struct ScratchFolder: Sendable {
  let path: String

  /// Makes a folder; PostgreSQL's user may pass through it unless `isClosed`.
  init(isClosed: Bool = false, padding: String = "") throws {
    let unique = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let base = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    let made = "\(base)/clinic-test-\(unique)\(padding)"
    try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
    chmod(made, isClosed ? 0o700 : 0o711)
    path = Files.realPath(made) ?? made
  }

  func remove() {
    for place in ["/postgres", "/data/postgres"] {
      guard let elsewhere = Files.linkTarget(path + place) else { continue }
      try? FileManager.default.removeItem(atPath: elsewhere)
    }
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// Lends a scratch folder.
func withScratchFolder<Result>(
  isClosed: Bool = false, padding: String = "", _ body: (ScratchFolder) async throws -> Result
) async throws -> Result {
  let folder = try ScratchFolder(isClosed: isClosed, padding: padding)
  defer { folder.remove() }
  return try await body(folder)
}

let quietLogger = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })

extension EmbeddedPostgres {
  /// Lends a server in a folder.
  static func withServer<Result>(
    in folder: ScratchFolder, below: String = "", _ body: (EmbeddedPostgres) async throws -> Result
  ) async throws -> Result {
    try await withServer(
      configuration: EmbeddedPostgresConfiguration(dataDirectory: folder.path + below),
      logger: quietLogger, body)
  }

  /// What a statement returns, asked by psql over the socket; nil where it fails.
  func query(_ sql: String, user: String = "postgres") async throws -> String? {
    let result = try await run(
      .name("psql"),
      arguments: ["-XAtqc", sql, "-v", "ON_ERROR_STOP=1", endpoint.connectionString(user: user)],
      output: .string(limit: 65_536), error: .discarded)
    guard result.terminationStatus.isSuccess else { return nil }
    return result.standardOutput.trimmingSuffix { $0 == "\n" }
  }

  /// Expects what a statement returns.
  func expect(
    _ sql: String, user: String = "postgres", gives expected: String?,
    at location: SourceLocation = #_sourceLocation
  ) async throws {
    let answer = try await query(sql, user: user)
    #expect(answer == expected, sourceLocation: location)
  }

  /// Waits until another postmaster than `id` takes connections.
  func nextProcessID(after id: Int32) async throws -> Int32 {
    while true {
      if let current = processID, current != id { return current }
      try await Task.sleep(for: .milliseconds(10))
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(while drop: (Character) -> Bool) -> String {
    var text = self[...]
    while let last = text.last, drop(last) { text.removeLast() }
    return String(text)
  }
}
