internal import Glibc

/// A file that is open for reading until the value is gone.
package final class InputFile: InputSource {
  private let descriptor: Int32
  private let path: String
  /// The file's length in bytes; nil for a pipe.
  package let size: Int64?

  /// Opens the file.
  package init(_ path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError.last("opening \(path)") }
    self.path = path
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    size = isKnown && status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : nil
    guard !isKnown || status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw CommandFailure("\(path) is a folder", status: .usage)
    }
  }

  deinit {
    close(descriptor)
  }

  package var isTerminal: Bool { false }

  package func read(upTo count: Int) throws -> [UInt8] {
    try FileDescriptorInput(descriptor).read(upTo: count)
  }
}
