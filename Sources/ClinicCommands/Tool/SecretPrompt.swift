internal import Glibc

/// Asks for a secret on the terminal without showing what is typed.
package enum SecretPrompt {
  /// Asks on the process's controlling terminal, wherever its streams go.
  ///
  /// - Throws: ``CommandFailure`` where there is no terminal, or the user gives up.
  package static func ask(_ prompt: String) throws -> String {
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CommandFailure(
        "there is no terminal to ask for the password", status: .usage,
        hint: "pass --password-stdin and write the password to standard input")
    }
    defer { close(descriptor) }
    var saved = termios()
    guard tcgetattr(descriptor, &saved) == 0 else { throw SystemError.last("reading the terminal") }
    var silent = saved
    // Without ISIG an interrupt arrives as a character, so the echo is always switched on again.
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    guard tcsetattr(descriptor, TCSAFLUSH, &silent) == 0 else {
      throw SystemError.last("switching off the terminal's echo")
    }
    defer { tcsetattr(descriptor, TCSAFLUSH, &saved) }
    try FileDescriptorOutput.write(Array(prompt.utf8), to: descriptor)
    defer { _ = try? FileDescriptorOutput.write([UInt8(ascii: "\n")], to: descriptor) }
    return try readSecret(from: FileDescriptorInput(descriptor))
  }

  /// Reads key by key up to the end of the line, with backspace and Control-U at work.
  static func readSecret(from input: some InputSource) throws -> String {
    var bytes: [UInt8] = []
    while let byte = try input.read(upTo: 1).first {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return String(decoding: bytes, as: UTF8.self)
      case 0x03: throw CommandFailure("interrupted", status: .interrupted)
      case 0x04: return String(decoding: bytes, as: UTF8.self)
      case 0x15: bytes.removeAll()
      case 0x08, 0x7F:
        // A character of several bytes goes as a whole.
        while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
