internal import Glibc
internal import Synchronization

/// The whole terminal for a picture that changes: the other screen, without echo and cursor, and
/// everything as it was at the end, however the end comes.
///
/// One at a time in a process.
final class LiveScreen: Sendable {
  /// What is written to leave the other screen and show the cursor again.
  private static let restoring: StaticString = "\u{1B}[?25h\u{1B}[?1049l"

  /// The terminal's settings of before, for the signal handler.
  // Written before the handlers are set and read by them only.
  nonisolated(unsafe) private static var saved = termios()

  private let lastFrame = Mutex<[String]>([])

  /// Takes the terminal over; nil where there is none on both sides.
  init?() {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1,
      tcgetattr(STDIN_FILENO, &Self.saved) == 0
    else { return nil }
    for number in [SIGTERM, SIGHUP, SIGINT, SIGQUIT] {
      signal(number) { number in
        // Only what a handler may call (POSIX.1-2024 §2.4.3).
        LiveScreen.restore()
        _exit(128 + number)
      }
    }
    var raw = Self.saved
    raw.c_lflag &= ~tcflag_t(ECHO | ICANON)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    Self.write("\u{1B}[?1049h\u{1B}[?25l")
  }

  /// Gives the terminal back.
  func end() {
    Self.restore()
    for number in [SIGTERM, SIGHUP, SIGINT, SIGQUIT] { signal(number, SIG_DFL) }
  }

  private static func restore() {
    _ = Glibc.write(STDOUT_FILENO, restoring.utf8Start, restoring.utf8CodeUnitCount)
    tcsetattr(STDIN_FILENO, TCSANOW, &saved)
  }

  /// Columns and rows.
  var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Shows lines, of which those that do not fit are left out. Nothing is written where they are
  /// what is shown.
  func draw(_ lines: [String], footer: String) {
    let (columns, rows) = size
    var frame = Array(lines.prefix(max(rows - 1, 0)))
    if lines.count > frame.count, !frame.isEmpty {
      frame[frame.count - 1] = "… \(lines.count - frame.count + 1) more lines"
    }
    frame += Array(repeating: "", count: max(rows - 1 - frame.count, 0))
    frame.append(DisplayWidth.truncate(footer, to: columns))
    let isNew = lastFrame.withLock { last in
      defer { last = frame }
      return last != frame
    }
    guard isNew else { return }
    // Drawn over the old picture rather than after clearing it, which would flicker.
    var text = "\u{1B}[H"
    for (index, line) in frame.enumerated() {
      text += line + "\u{1B}[K" + (index + 1 < frame.count ? "\r\n" : "")
    }
    Self.write(text + "\u{1B}[J")
  }

  /// The next key that was pressed; nil where none was.
  func key() -> UInt8? {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, 0) == 1 else { return nil }
    var byte: UInt8 = 0
    return read(STDIN_FILENO, &byte, 1) == 1 ? byte : UInt8(ascii: "q")
  }

  private static func write(_ text: String) {
    try? FileDescriptorOutput.write(Array(text.utf8), to: STDOUT_FILENO)
  }
}
