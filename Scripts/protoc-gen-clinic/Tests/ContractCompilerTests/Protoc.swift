import ContractCompiler
import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Runs the real protoc.
enum Protoc {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The descriptors of contracts, with imports and source info.
  static func describe(_ files: [String], in folders: [URL]) throws
    -> Google_Protobuf_FileDescriptorSet
  {
    try withTemporaryFolder { folder in
      let output = folder.appending(path: "out.binpb")
      let includes = folders.flatMap { ["-I", $0.path] }
      try run(
        "protoc",
        includes + ["--include_imports", "--include_source_info", "-o", output.path] + files)
      return try Google_Protobuf_FileDescriptorSet(
        serializedBytes: Data(contentsOf: output), extensions: extensionMap)
    }
  }

  /// The descriptors of one contract that a test writes itself; it may import the clinic's options.
  static func describe(_ text: String, path: String = "test/v1/test.proto") throws
    -> Google_Protobuf_FileDescriptorSet
  {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return try describe([path], in: [folder, Repository.proto])
    }
  }

  /// The output of the plugin for some files of a descriptor set, by file name.
  static func compile(
    _ set: Google_Protobuf_FileDescriptorSet, files: [String], parameter: String
  ) throws -> [String: String] {
    let request = Google_Protobuf_Compiler_CodeGeneratorRequest.with {
      $0.fileToGenerate = files
      $0.parameter = parameter
      $0.protoFile = set.file
    }
    let response = generateCode(request: request, generator: ClinicCodeGenerator())
    if !response.error.isEmpty { throw Failure(description: response.error) }
    return Dictionary(uniqueKeysWithValues: response.file.map { ($0.name, $0.content) })
  }

  /// Runs a tool to its end.
  /// - Returns: What it wrote.
  @discardableResult
  static func run(_ tool: String, _ arguments: [String], input: Data? = nil) throws -> Data {
    try withTemporaryFolder { folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [tool] + arguments
      // Files instead of pipes: no pipe can fill up and block the tool.
      let paths = ["in", "out", "err"].map { folder.appending(path: $0) }
      try (input ?? Data()).write(to: paths[0])
      for path in paths.dropFirst() { try Data().write(to: path) }
      process.standardInput = try FileHandle(forReadingFrom: paths[0])
      process.standardOutput = try FileHandle(forWritingTo: paths[1])
      process.standardError = try FileHandle(forWritingTo: paths[2])
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        throw Failure(
          description: String(decoding: try Data(contentsOf: paths[2]), as: UTF8.self))
      }
      return try Data(contentsOf: paths[1])
    }
  }

  private static var extensionMap: SimpleExtensionMap {
    var map = SimpleExtensionMap()
    map.insert(contentsOf: ContractOptions.extensions)
    return map
  }
}
