import ContractCompiler
import Foundation
import SwiftProtobufPluginLibrary
import Testing

@Suite("The clinic's rules")
struct LintTests {
  /// Folders of LintCases: a contract, and what is wrong with it as `file:line:column: message`.
  @Test(
    "find what is wrong, where it is wrong",
    arguments: ["methods", "fields", "names", "comments", "sound"])
  func cases(name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "LintCases/\(name)")
    let proto = DescriptorSet(
      proto: try Protoc.describe(["test.proto"], in: [folder, Repository.proto]))
    let file = try #require(proto.fileDescriptor(named: "test.proto"))
    let findings = ContractLinter(file: file).findings().sorted().map(\.description)
    let expected = try String(contentsOf: folder.appending(path: "expected.txt"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
    #expect(findings == expected, "\(findings.joined(separator: "\n"))")
  }

  @Test("find nothing wrong with the clinic's contracts")
  func clinic() throws {
    let files = try Repository.protos(under: Repository.proto)
      .filter { $0.hasPrefix("clinic/v") }
    let set = DescriptorSet(proto: try Protoc.describe(files, in: [Repository.proto]))
    let findings = files.compactMap { set.fileDescriptor(named: $0) }
      .flatMap { ContractLinter(file: $0).findings() }
    #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
  }
}
