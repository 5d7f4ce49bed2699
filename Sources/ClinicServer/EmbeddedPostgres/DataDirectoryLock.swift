internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// The right to work on a data folder, held by one server at a time.
///
/// It is an advisory lock (`flock`) on `clinicd.lock` in the folder, so the kernel lets go of it
/// however the process ends. The file itself stays: it holds the id of the last process that had
/// the lock, to be named to whoever comes second.
package final class DataDirectoryLock: Sendable {
  /// The folder, as an absolute path without symbolic links.
  package let dataDirectory: String

  private let descriptor: Mutex<Int32?>

  private init(dataDirectory: String, descriptor: Int32) {
    self.dataDirectory = dataDirectory
    self.descriptor = Mutex(descriptor)
  }

  deinit {
    release()
  }

  /// Takes the lock of a folder, which is made where it does not exist.
  ///
  /// - Throws: `.dataDirectoryInUse` where another server has it, `.dataDirectoryUnusable` where
  ///   the folder cannot be made or written.
  package static func acquire(dataDirectory: String) throws(ServerStartupError) -> DataDirectoryLock
  {
    let folder = try Files.makeDirectory(dataDirectory)
    let path = folder + "/clinicd.lock"
    // Closed on exec: the database that we start must not keep the lock after we are killed.
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw ServerStartupError(
        .dataDirectoryUnusable, "Cannot write in the data folder \(folder): \(Files.lastError).")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let busy = errno == EWOULDBLOCK
      let reason = Files.lastError
      close(descriptor)
      guard busy else {
        throw ServerStartupError(.dataDirectoryUnusable, "Cannot lock \(path): \(reason).")
      }
      throw ServerStartupError(.dataDirectoryInUse, inUse(folder: folder, lockFile: path))
    }
    let text = Array("\(getpid())\n".utf8)
    ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
    return DataDirectoryLock(dataDirectory: folder, descriptor: descriptor)
  }

  /// Lets go of the folder. Does nothing the second time.
  package func release() {
    let held = descriptor.withLock { descriptor in
      defer { descriptor = nil }
      return descriptor
    }
    guard let held else { return }
    // Said outright: a child between its fork and its exec still shares the descriptor.
    flock(held, LOCK_UN)
    close(held)
  }

  private static func inUse(folder: String, lockFile: String) -> String {
    let holder = Files.text(lockFile).flatMap { Int($0.filter(\.isNumber)) }
    let name = holder.map { "clinicd with process id \($0)" } ?? "Another clinicd"
    let sentence = holder == nil ? name : "A " + name
    return """
      \(sentence) is already working on the data folder \(folder). Stop it first, or give this \
      one a folder of its own with --data-dir.
      """
  }
}
