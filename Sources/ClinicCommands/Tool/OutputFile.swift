internal import Glibc

/// A file that is written beside the one it replaces, for its owner only, and takes its place when
/// it is whole.
final class OutputFile: OutputSink {
  private let descriptor: Int32
  private let path: String
  private let temporaryPath: String

  /// Begins a file.
  init(_ path: String) throws {
    self.path = path
    temporaryPath = path + ".\(getpid()).part"
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError.last("writing \(path)") }
  }

  deinit {
    close(descriptor)
    // Gone already where the file is whole.
    unlink(temporaryPath)
  }

  var isTerminal: Bool { false }
  var columns: Int? { nil }

  func write(_ text: String) throws {
    try FileDescriptorOutput.write(Array(text.utf8), to: descriptor)
  }

  /// Puts the file in its place.
  func finish() throws {
    guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else {
      throw SystemError.last("writing \(path)")
    }
  }
}
