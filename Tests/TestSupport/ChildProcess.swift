import Glibc
import Synchronization

/// A child process, started with a clean signal mask and no descriptors but the standard ones.
///
/// Not Foundation's Process: its children inherit the blocked signals of whatever thread starts
/// them (a shell that cannot see SIGCHLD waits for ever), and it takes a child for running as long
/// as any grandchild keeps one of its descriptors.
public final class ChildProcess: Sendable {
  private enum State {
    case running
    case ended(Int32)
  }

  public let id: Int32
  private let state = Mutex(State.running)

  /// Starts a program found in PATH.
  /// - Parameters:
  ///   - standardInput: A descriptor for the child to read; nothing if nil.
  ///   - output: A file that standard output and error are appended to; nowhere if nil.
  public init(_ arguments: [String], standardInput: Int32? = nil, output: String? = nil) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let standardInput {
      posix_spawn_file_actions_adddup2(&actions, standardInput, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_addopen(
      &actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Closing what is not open does no harm here.
    for descriptor in Int32(3)..<256 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

    var pid: pid_t = 0
    var pointers = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    let status = posix_spawnp(&pid, arguments[0], &actions, &attributes, &pointers, environ)
    guard status == 0 else {
      throw TestSupportError("\(arguments[0]) cannot be started (errno \(status))")
    }
    id = pid
  }

  /// Waits for the end and returns the exit status, or the negative signal number.
  @discardableResult
  public func wait() -> Int32 { reap(options: 0) ?? 0 }

  public var isRunning: Bool { reap(options: WNOHANG) == nil }

  public func signal(_ number: Int32) {
    state.withLock { state in
      // The id of an ended process may be another's by now.
      if case .running = state { kill(id, number) }
    }
  }

  private func reap(options: Int32) -> Int32? {
    state.withLock { state in
      if case .ended(let status) = state { return status }
      var raw: Int32 = 0
      var result: pid_t
      repeat { result = waitpid(id, &raw, options) } while result < 0 && errno == EINTR
      guard result == id else { return nil }
      let status = raw & 0x7f == 0 ? (raw >> 8) & 0xff : -(raw & 0x7f)
      state = .ended(status)
      return status
    }
  }

  /// Runs a program to its end and throws if it fails.
  static func run(_ arguments: [String], output: String? = nil) throws {
    let status = try ChildProcess(arguments, output: output).wait()
    guard status == 0 else {
      throw TestSupportError("\(arguments.joined(separator: " ")) ended with \(status)")
    }
  }
}
