internal import Glibc

/// The error of a system call.
package struct SystemError: Error, Hashable, CustomStringConvertible {
  /// The value of `errno`.
  package var code: Int32
  /// What was tried.
  package var action: String

  /// The error that `errno` holds now.
  package static func last(_ action: String) -> SystemError {
    SystemError(code: errno, action: action)
  }

  package var description: String {
    "\(action): \(String(cString: strerror(code)))"
  }
}

/// An input that is an open file descriptor, which somebody else closes.
package struct FileDescriptorInput: InputSource {
  private let descriptor: Int32

  /// The process's standard input.
  package static let standard = FileDescriptorInput(STDIN_FILENO)

  package init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  package var isTerminal: Bool { isatty(descriptor) == 1 }

  package func read(upTo count: Int) throws -> [UInt8] {
    while true {
      var result = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        result = Glibc.read(descriptor, buffer.baseAddress, count)
        initialized = max(0, result)
      }
      if result >= 0 { return bytes }
      guard errno == EINTR else { throw SystemError.last("reading") }
    }
  }
}

/// An output that is an open file descriptor, which somebody else closes.
package struct FileDescriptorOutput: OutputSink {
  private let descriptor: Int32

  /// The process's standard output.
  package static let standard = FileDescriptorOutput(STDOUT_FILENO)
  /// The process's standard error.
  package static let errors = FileDescriptorOutput(STDERR_FILENO)

  package init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  package var isTerminal: Bool { isatty(descriptor) == 1 }

  package var columns: Int? {
    guard isTerminal else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  package func write(_ text: String) throws {
    try Self.write(Array(text.utf8), to: descriptor)
  }

  /// Writes all of `bytes`.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EPIPE {
        throw OutputClosed()
      } else if errno != EINTR {
        throw SystemError.last("writing")
      }
    }
  }
}

/// The folder that the process works in.
package func currentFolder() -> String {
  guard let path = getcwd(nil, 0) else { return "." }
  defer { free(path) }
  return String(cString: path)
}
