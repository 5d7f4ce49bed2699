import Foundation
import Testing

/// Tests/FixtureContracts and Sources/ClinicContracts are the goldens: compared here, compiled and
/// run by the tests of the repository.
@Suite("Generated Swift")
struct GoldenTests {
  @Test("equals the committed goldens of the fixtures")
  func fixtures() throws {
    let files = try Repository.protos(under: Repository.fixtures)
    let set = try Protoc.describe(files, in: [Repository.fixtures, Repository.proto])
    let output = try Protoc.compile(set, files: files, parameter: "Module=FixtureContracts")
    try expect(output, equals: "Tests/FixtureContracts")
  }

  @Test("equals the committed sources of the clinic")
  func clinic() throws {
    let files = try Repository.protos(under: Repository.proto)
      .filter { $0.hasPrefix("clinic/v") }
    let set = try Protoc.describe(files, in: [Repository.proto])
    let output = try Protoc.compile(
      set, files: files,
      parameter: "Module=ClinicContracts,Import=clinic/rpc/:RPCCore:CRPCContracts")
    try expect(output, equals: "Sources/ClinicContracts")
  }

  @Test("is the same every time and names no host path and no date")
  func reproducible() throws {
    let files = try Repository.protos(under: Repository.fixtures)
    let set = try Protoc.describe(files, in: [Repository.fixtures, Repository.proto])
    let first = try Protoc.compile(set, files: files, parameter: "Module=FixtureContracts")
    let second = try Protoc.compile(set, files: files, parameter: "Module=FixtureContracts")
    #expect(first == second)
    for (name, text) in first {
      #expect(!text.contains(Repository.root.path), "\(name)")
      #expect(!text.contains(NSTemporaryDirectory()), "\(name)")
    }
  }

  private func expect(
    _ output: [String: String], equals folder: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = Repository.root.appending(path: folder)
    // The descriptors are the script's own work.
    let committed = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { !$0.hasSuffix(".descriptors.swift") }
    #expect(committed.sorted() == output.keys.sorted(), sourceLocation: sourceLocation)
    for (name, text) in output.sorted(by: { $0.key < $1.key }) {
      let golden = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      let difference = firstDifference(golden, text)
      #expect(difference == nil, "\(name): \(difference ?? "")", sourceLocation: sourceLocation)
    }
  }

  private func firstDifference(_ golden: String, _ text: String) -> String? {
    let left = golden.split(separator: "\n", omittingEmptySubsequences: false)
    let right = text.split(separator: "\n", omittingEmptySubsequences: false)
    for index in 0..<max(left.count, right.count) {
      let old = index < left.count ? left[index] : "(end)"
      let new = index < right.count ? right[index] : "(end)"
      if old != new { return "line \(index + 1): committed “\(old)”, generated “\(new)”" }
    }
    return nil
  }
}
