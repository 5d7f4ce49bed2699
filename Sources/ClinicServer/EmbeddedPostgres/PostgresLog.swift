internal import FoundationEssentials
internal import Glibc
internal import SystemPackage

/// The file that takes what PostgreSQL says, kept to a size.
struct PostgresLog: Sendable {
  var path: String

  /// A file larger than this is set aside as `….1`, in bytes.
  var largestSize = 16 << 20

  /// How large the file is, in bytes.
  var size: Int { Files.status(path).map { Int($0.st_size) } ?? 0 }

  /// Opens the file for a child's outputs.
  func open() throws(ServerStartupError) -> FileDescriptor {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ServerStartupError(.dataDirectoryUnusable, "Cannot write \(path): \(Files.lastError).")
    }
    return FileDescriptor(rawValue: descriptor)
  }

  /// Sets the file aside where it has become too large. It is copied and emptied, not renamed: the
  /// server goes on writing at its end.
  func trim() {
    guard size > largestSize else { return }
    let old = path + ".1"
    try? FileManager.default.removeItem(atPath: old)
    try? FileManager.default.copyItem(atPath: path, toPath: old)
    chmod(old, 0o600)
    truncate(path, 0)
  }

  /// What was written after `offset`: the last lines of it.
  func tail(from offset: Int) -> String {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = pread(descriptor, &bytes, bytes.count, max(offset, size - bytes.count))
    guard count > 0 else { return "" }
    return PostgresCluster.lastLines(of: String(decoding: bytes[..<count], as: UTF8.self))
  }
}
