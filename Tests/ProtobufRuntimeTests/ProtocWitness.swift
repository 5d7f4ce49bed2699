import Foundation

/// protoc as an outside witness of the wire format.
enum ProtocWitness {
  /// Where protoc is, or nil where it is not installed.
  static let path: String? = ["/usr/bin/protoc", "/usr/local/bin/protoc"]
    .first(where: FileManager.default.isExecutableFile)

  private static let protoFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/Proto").path

  /// Bytes of a message that is given in protobuf's text format.
  static func encode(_ text: String, as type: String, in file: String) throws -> [UInt8] {
    try run("--encode", type, file, Array(text.utf8))
  }

  /// The text format of a message's bytes.
  static func decode(_ bytes: [UInt8], as type: String, in file: String) throws -> String {
    String(decoding: try run("--decode", type, file, bytes), as: UTF8.self)
  }

  struct Failure: Error {
    let status: Int32
    let message: String
  }

  private static func run(
    _ mode: String, _ type: String, _ file: String, _ input: [UInt8]
  ) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "witness-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let inputFile = folder.appending(path: "input")
    try Data(input).write(to: inputFile)

    let process = Process()
    process.executableURL = path.map { URL(fileURLWithPath: $0) }
    process.arguments = [
      "-I", protoFolder, "\(mode)=fixture.v1.\(type)", "fixture/v1/\(file).proto"
    ]
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    let output = Pipe()
    let errors = folder.appending(path: "errors")
    try Data().write(to: errors)
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let result = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        status: process.terminationStatus,
        message: (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
    }
    return Array(result)
  }
}
