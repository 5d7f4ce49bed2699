internal import Glibc

/// Lets one process at a time, and one task of it, pass.
package enum FileLock {
  /// Runs `body` while no other holder of the lock at `path` runs.
  ///
  /// The lock is the kernel's: it is free again when its holder ends, however that happens.
  package static func withLock<Result>(
    _ path: String, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Result
  ) async throws -> Result {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError.last("opening the lock \(path)") }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw SystemError.last("taking the lock \(path)")
      }
      // Waiting in the kernel would hold a thread of the pool.
      try await Task.sleep(for: .milliseconds(20))
    }
    return try await body()
  }
}
