import Foundation
import TestSupport
import Testing

@Suite("A server that is told to stop while it starts")
struct StartTests {
  @Test(
    "ends without an error and leaves no database running",
    arguments: [50, 300, 900, 1_800, 3_000])
  func stopped(afterMilliseconds delay: Int) async throws {
    let programs = try Programs()
    let process = try ChildProcess(
      [
        "\(Programs.binaries)/clinicd", "serve", "--data-dir", programs.data, "--listen",
        "127.0.0.1:0", "--log-level", "warning"
      ], output: programs.folder.file("log"))
    try await Task.sleep(for: .milliseconds(delay))
    process.signal(SIGTERM)
    while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    let log = try String(contentsOfFile: programs.folder.file("log"), encoding: .utf8)
    // Before its first statement nobody listens for signals: the system ends it.
    #expect([0, -SIGTERM].contains(process.wait()), "\(log)")
    #expect(Self.processes(naming: programs.data).isEmpty)
    // What was made so far is no obstacle.
    let server = try await programs.serve()
    #expect(try await server.end(SIGTERM) == 0)
  }

  @Test("tells where the database stands, beside a running server and before there is any")
  func migrationStatus() async throws {
    let programs = try Programs()
    func status() async throws -> (status: Int32, lines: [Substring]) {
      let ending = try await programs.run(
        ["clinicd", "migrate", "--status", "--data-dir", programs.data])
      return (ending.status, ending.output.split(separator: "\n"))
    }
    let before = try await status()
    #expect(before.status == 3)
    #expect(before.lines.count > 10 && before.lines.allSatisfy { $0.hasPrefix("pending ") })
    #expect(!FileManager.default.fileExists(atPath: programs.data + "/postgres"))
    let server = try await programs.serve()
    let beside = try await status()
    #expect(beside.status == 0)
    #expect(beside.lines.count == before.lines.count)
    #expect(beside.lines.allSatisfy { $0.hasPrefix("applied ") })
    #expect(try await server.end(SIGTERM) == 0)
    #expect(try await status().status == 0)
  }

  /// The command lines of running processes that name a folder.
  private static func processes(naming folder: String) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.filter { Int($0) != nil }.compactMap { entry in
      let line = (try? String(contentsOfFile: "/proc/\(entry)/cmdline", encoding: .utf8)) ?? ""
      return line.contains(folder) ? line.replacing("\0", with: " ") : nil
    }
  }
}
