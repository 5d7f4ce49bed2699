import Foundation
import Glibc
import Synchronization

/// A throwaway PostgreSQL server on a Unix socket, with all that makes it durable turned off.
///
/// Runs as user `postgres` when the tests run as root. It ends with the test process, even with a
/// killed one: a shell beside the server waits for the end of a pipe that this process holds, then
/// stops the server and removes its folder.
public final class PostgresCluster: Sendable {
  private struct State {
    var server: ChildProcess?
    /// Our end of the pipe that the watching shell reads.
    var lifeline: Int32 = -1
  }

  private let folder: TemporaryFolder
  private let programs: String
  private let settings: [String: String]
  /// The port of 127.0.0.1 for encrypted connections; nil for the Unix socket alone.
  private let tlsPort: Int?
  private let state = Mutex(State())

  /// Makes a cluster and starts its server.
  /// - Parameters:
  ///   - settings: Server settings beyond the defaults for tests.
  ///   - usesTLS: Also listen on TCP, with a certificate of its own, and connect there.
  public init(settings: [String: String] = [:], usesTLS: Bool = false) throws {
    programs = try Self.findPrograms()
    tlsPort = usesTLS ? try FreePort.find() : nil
    self.settings = settings
    folder = try TemporaryFolder("clinic-pg", isShared: true)
    if getuid() == 0 { try ChildProcess.run(["chown", "postgres", folder.path]) }
    try ChildProcess.run(
      Self.unprivileged + [
        "\(programs)/initdb", "-D", folder.file("data"), "-A", "trust", "-U", "postgres",
        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"
      ])
    if usesTLS { try makeCertificate() }
    try start()
  }

  deinit { stop() }

  /// A connection string for a database of this cluster.
  public func connectionString(database: String = "postgres", user: String = "postgres") -> String {
    let place =
      tlsPort.map { "host=127.0.0.1 port=\($0) sslmode=require" } ?? "host=\(folder.path)"
    return "\(place) user=\(user) dbname=\(database)"
  }

  /// Starts the server and waits until it answers.
  public func start() throws {
    let deadline = Date().addingTimeInterval(60)
    while true {
      try launch()
      while isRunning, Date() < deadline {
        if isReady { return }
        usleep(20_000)
      }
      // Backends of a killed server may hold its shared memory for a moment.
      guard Date() < deadline else {
        let log = try? String(contentsOfFile: folder.file("log"), encoding: .utf8)
        throw TestSupportError("PostgreSQL does not start: \(log?.suffix(2_000) ?? "")")
      }
      usleep(100_000)
    }
  }

  /// Stops the server at once, as a power cut would, and waits for its end.
  public func kill() { end(SIGKILL) }

  /// Stops the server in an orderly way: sessions are ended with an error.
  public func stop() { end(SIGINT) }

  private func end(_ signal: Int32) {
    let (server, lifeline) = state.withLock { state in
      defer { state = State() }
      return (state.server, state.lifeline)
    }
    server?.signal(signal)
    server?.wait()
    if lifeline >= 0 {
      _ = write(lifeline, "\n", 1)
      close(lifeline)
    }
  }

  private var isRunning: Bool { state.withLock { $0.server?.isRunning ?? false } }

  private var isReady: Bool {
    let port = tlsPort.map { ["-p", "\($0)"] } ?? []
    return (try? ChildProcess.run(["\(programs)/pg_isready", "-q", "-h", folder.path] + port))
      != nil
  }

  /// Puts a self-signed certificate where the server looks for one.
  private func makeCertificate() throws {
    try ChildProcess.run(
      Self.unprivileged + [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1",
        "-days", "2", "-keyout", folder.file("data/server.key"),
        "-out", folder.file("data/server.crt")
      ])
  }

  private func launch() throws {
    end(SIGKILL)
    var settings = [
      "listen_addresses": "", "unix_socket_directories": folder.path, "fsync": "off",
      "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300",
      "shared_buffers": "64MB", "autovacuum": "off", "logging_collector": "off"
    ]
    if let tlsPort {
      settings["listen_addresses"] = "127.0.0.1"
      settings["port"] = "\(tlsPort)"
      settings["ssl"] = "on"
    }
    settings.merge(self.settings) { $1 }
    let server = try ChildProcess(
      Self.unprivileged + ["\(programs)/postgres", "-D", folder.file("data")]
        + settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0)=\($1)"] },
      output: folder.file("log"))
    state.withLock { state in
      state.server = server
      state.lifeline = Self.watch(server, folder: folder.path)
    }
  }

  /// Starts the shell that outlives this process by a moment; returns our end of its pipe.
  private static func watch(_ server: ChildProcess, folder: String) -> Int32 {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return -1 }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // A line means that this process looks after server and folder itself; an end without one
    // that it is gone.
    let script = "read -r _ && exit; kill -QUIT \(server.id); sleep 1; rm -rf '\(folder)'"
    _ = try? ChildProcess(["/bin/sh", "-c", script], standardInput: ends[0])
    close(ends[0])
    return ends[1]
  }

  /// The command in front of PostgreSQL's programs, which refuse to run as root.
  private static var unprivileged: [String] {
    getuid() == 0
      ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
  }

  private static func findPrograms() throws -> String {
    let base = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
    guard let newest = versions.compactMap(Int.init).max() else {
      throw TestSupportError("no PostgreSQL under \(base)")
    }
    return "\(base)/\(newest)/bin"
  }
}
