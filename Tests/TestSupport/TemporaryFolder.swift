import Foundation

/// A folder of its own under the system's temporary folder, removed with the last reference.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// - Parameter isShared: Other users (the one that runs PostgreSQL) may enter it.
  public init(_ name: String = "clinic", isShared: Bool = false) throws {
    let base = FileManager.default.temporaryDirectory.path
    // Socket paths must stay below 108 bytes.
    let suffix = UUID().uuidString.prefix(8).lowercased()
    path = "\(base)/\(name)-\(suffix)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true,
      attributes: [.posixPermissions: isShared ? 0o755 : 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A path inside of the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }
}
