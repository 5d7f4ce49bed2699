import Foundation

/// The `openssl` command, as a peer that is none of ours.
final class OpenSSLCommand: Sendable {
  /// The place of the command, or `nil` where it is not installed.
  static let path: String? = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private let process = Process()
  private let input = Pipe()
  /// A file, not a pipe: other children that start at the same moment can inherit a pipe's end and
  /// keep it open, but what a process wrote to a file is there when it has ended.
  private let outputFile = FileManager.default.temporaryDirectory
    .appendingPathComponent("clinic-openssl-\(UUID().uuidString)")

  private init(_ arguments: [String]) throws {
    try Data().write(to: self.outputFile)
    let output = try FileHandle(forWritingTo: self.outputFile)
    defer { try? output.close() }
    self.process.executableURL = URL(fileURLWithPath: Self.path ?? "")
    self.process.arguments = arguments
    self.process.standardInput = self.input
    self.process.standardOutput = output
    self.process.standardError = output
    try self.process.run()
  }

  /// Runs the command for as long as the body takes; whatever happens, it is gone afterwards.
  static func with<Result>(
    _ arguments: [String], _ body: (OpenSSLCommand) async throws -> Result
  ) async throws -> Result {
    let command = try OpenSSLCommand(arguments)
    defer { command.stop() }
    return try await body(command)
  }

  private func stop() {
    if self.process.isRunning {
      // Not SIGTERM: a child inherits the signal mask of the thread that started it, and those of
      // the concurrency pool block that one.
      kill(self.process.processIdentifier, SIGKILL)
      self.process.waitUntilExit()
    }
    try? FileManager.default.removeItem(at: self.outputFile)
  }

  /// Everything it printed so far.
  var output: String {
    String(decoding: (try? Data(contentsOf: self.outputFile)) ?? Data(), as: UTF8.self)
  }

  func send(_ text: String) {
    self.input.fileHandleForWriting.write(Data(text.utf8))
  }

  /// Lets a session say goodbye and end: what `Q` at the start of a line means to the command.
  func quit() { self.send("Q\n") }

  /// Waits until it has printed something.
  @discardableResult
  func wait(for text: String) async throws -> String {
    for _ in 0..<2_000 {
      let output = self.output
      if output.contains(text) { return output }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw TLSTestTimeout(what: "\"\(text)\" in: \(self.output)")
  }

  /// Waits until it ends, and gives its exit status.
  @discardableResult
  func waitForEnd() async throws -> Int32 {
    for _ in 0..<2_000 {
      if !self.process.isRunning { return self.process.terminationStatus }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw TLSTestTimeout(what: "the end of openssl: \(self.output)")
  }
}
