import Foundation
import TestSupport

/// The programs as somebody runs them, from the folder that this test was built into.
struct Programs {
  let folder: TemporaryFolder
  let data: String

  init() throws {
    folder = try TemporaryFolder("acceptance", isShared: true)
    data = folder.file("data")
  }

  static let binaries: String = {
    let path = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: path).deletingLastPathComponent().path
  }()

  /// What a program said and how it ended.
  struct Ending {
    let status: Int32
    let output: String
  }

  /// Runs a program to its end.
  func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) async throws -> Ending {
    let name = UUID().uuidString
    let (inputFile, outputFile) = (folder.file("in-\(name)"), folder.file("out-\(name)"))
    try Data(input.utf8).write(to: URL(fileURLWithPath: inputFile))
    let descriptor = open(inputFile, O_RDONLY)
    defer { close(descriptor) }
    let settings = environment.map { "\($0.key)=\($0.value)" }
    let process = try ChildProcess(
      ["env", "CLINICCTL_HOME=\(folder.file("profiles"))", "NO_COLOR=1"] + settings
        + ["\(Self.binaries)/\(arguments[0])"] + arguments.dropFirst(),
      standardInput: descriptor, output: outputFile)
    while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    let output = try? String(contentsOfFile: outputFile, encoding: .utf8)
    return Ending(status: process.wait(), output: output ?? "")
  }

  /// Runs `clinicctl` as one of the demo's profiles.
  func ctl(_ profile: String, _ arguments: String...) async throws -> Ending {
    try await run(["clinicctl", "--profile", profile] + arguments)
  }

  /// A server on the embedded database, ready for calls; with a limit of open files, where one is
  /// given, which it may raise up to the hard one.
  func serve(
    on listen: String = "127.0.0.1:0", options: [String] = [], openFiles: Int? = nil,
    hard: Int? = nil
  ) async throws -> Server {
    let log = folder.file("log-\(UUID().uuidString)")
    let limited = openFiles.map { ["prlimit", "--nofile=\($0):\(hard ?? $0)"] } ?? []
    let process = try ChildProcess(
      limited + [
        "\(Self.binaries)/clinicd", "serve", "--demo", "--data-dir", data, "--listen",
        listen, "--log-level", "warning"
      ] + options, output: log)
    while process.isRunning {
      let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("ready on ") }) {
        return Server(
          process: process, address: String(line.dropFirst("ready on ".count)), logFile: log)
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw TestSupportError((try? String(contentsOfFile: log, encoding: .utf8)) ?? "no log")
  }

  struct Server {
    let process: ChildProcess
    let address: String
    let logFile: String

    /// What it said so far.
    var log: String { (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? "" }

    /// Sends a signal and waits for the end.
    func end(_ signal: Int32) async throws -> Int32 {
      process.signal(signal)
      while process.isRunning { try await Task.sleep(for: .milliseconds(50)) }
      return process.wait()
    }
  }

  struct Login: Decodable {
    var profile: String
    var company: String
    var email: String
    var password: String
  }

  /// How to log in to the demo's clinics.
  func logins() throws -> [Login] {
    let file = try Data(contentsOf: URL(fileURLWithPath: data + "/demo-logins.json"))
    return try JSONDecoder().decode([Login].self, from: file)
  }

  /// Logs every profile of the demo in.
  func login(on server: Server) async throws {
    for login in try logins() {
      let ending = try await run(
        [
          "clinicctl", "login", "--profile", login.profile, "--server", server.address, "--ca-file",
          data + "/tls/ca.pem", "--company", login.company, "--email", login.email,
          "--password-stdin"
        ], input: login.password + "\n")
      guard ending.status == 0 else { throw TestSupportError(ending.output) }
    }
  }
}
