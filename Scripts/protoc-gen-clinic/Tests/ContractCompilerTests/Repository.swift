import Foundation

/// The folders of this repository that the tests read.
enum Repository {
  /// The top of the repository.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent()  // ContractCompilerTests
    .deletingLastPathComponent()  // Tests
    .deletingLastPathComponent()  // protoc-gen-clinic
    .deletingLastPathComponent()  // Scripts
    .deletingLastPathComponent()

  /// The clinic's contracts.
  static let proto = root.appending(path: "Proto")

  /// The contracts that the tests of the whole repository share.
  static let fixtures = root.appending(path: "Tests/Fixtures/Proto")

  /// The .proto files under a folder, relative to it, in the order of their names.
  static func protos(under folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".proto") }.sorted()
  }
}
