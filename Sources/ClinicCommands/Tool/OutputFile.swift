internal import Glibc

/// Where an export is written to: a file for its owner only that takes its place when it is whole, or
/// what is no file, such as a pipe or a device, as it is.
///
/// Until it is whole a file has no name, so that nothing of it stays however the process ends. File
/// systems that know no such files get one beside the place, which a signal takes along.
final class OutputFile: OutputSink {
  private enum Form { case direct, unnamed, named }

  private let descriptor: Int32
  private let form: Form
  /// The file to replace, at the end of all links.
  private let place: String
  private let temporaryPath: String

  /// Begins a file.
  ///
  /// - Parameter allowsUnnamed: Nameless files are tried.
  init(_ path: String, allowsUnnamed: Bool = true) throws {
    var status = stat()
    let isThere = stat(path, &status) == 0
    place = Self.target(of: path)
    temporaryPath = place + ".\(getpid()).part"
    if isThere, status.st_mode & S_IFMT != S_IFREG {
      form = .direct
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else if allowsUnnamed, let nameless = Self.openUnnamed(in: Self.folder(of: place)) {
      form = .unnamed
      descriptor = nameless
    } else {
      form = .named
      UnfinishedFile.begin(temporaryPath)
      descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    }
    guard descriptor >= 0 else { throw SystemError.last("writing \(path)") }
  }

  deinit {
    close(descriptor)
    guard form == .named else { return }
    // Gone already where the file is whole.
    unlink(temporaryPath)
    UnfinishedFile.end()
  }

  var isTerminal: Bool { false }
  var columns: Int? { nil }

  func write(_ text: String) throws {
    try FileDescriptorOutput.write(Array(text.utf8), to: descriptor)
  }

  /// Puts the file in its place.
  func finish() throws {
    guard form != .direct else { return }
    guard fsync(descriptor) == 0 else { throw SystemError.last("writing \(place)") }
    if form == .unnamed {
      // A name of its own first: a link replaces nothing.
      unlink(temporaryPath)
      guard
        linkat(
          AT_FDCWD, Self.link(to: descriptor), AT_FDCWD, temporaryPath, AT_SYMLINK_FOLLOW) == 0
      else { throw SystemError.last("writing \(place)") }
    }
    guard rename(temporaryPath, place) == 0 else {
      let error = SystemError.last("writing \(place)")
      unlink(temporaryPath)
      throw error
    }
  }

  /// A file without a name; nil where the system cannot make one, or give it a name later.
  private static func openUnnamed(in folder: String) -> Int32? {
    // Linux's O_TMPFILE, which no header of C declares without _GNU_SOURCE.
    let nameless = 0o20_000_000 | O_DIRECTORY
    let descriptor = open(folder, O_WRONLY | nameless | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    guard access(link(to: descriptor), F_OK) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  private static func link(to descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }

  /// The path that a path leads to over symbolic links, whether or not there is a file.
  private static func target(of path: String) -> String {
    var path = path
    for _ in 0..<40 {
      var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &bytes, bytes.count)
      guard count > 0 else { break }
      let next = String(
        decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
      path = next.hasPrefix("/") ? next : folder(of: path) + "/" + next
    }
    return path
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

/// The named file that a signal must take along. One at a time in a process.
enum UnfinishedFile {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  // Written while no handler is set, and read by the handler only.
  nonisolated(unsafe) private static var path: UnsafeMutablePointer<CChar>?
  nonisolated(unsafe) private static var before: [sigaction] = []

  static func begin(_ path: String) {
    self.path = strdup(path)
    before = signals.map { number in
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        // Only what a handler may call (POSIX.1-2024 §2.4.3).
        UnfinishedFile.remove()
        _exit(128 + number)
      }
      var old = sigaction()
      sigaction(number, nil, &old)
      // What is ignored, as under nohup, stays so.
      if unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self)
        != unsafeBitCast(SIG_IGN, to: Int.self)
      {
        sigaction(number, &action, nil)
      }
      return old
    }
  }

  /// Removes the file.
  static func remove() {
    if let path { unlink(path) }
  }

  /// The file has its place, or is gone.
  static func end() {
    for (number, old) in zip(signals, before) {
      var old = old
      sigaction(number, &old, nil)
    }
    before = []
    free(path)
    path = nil
  }
}
