import SwiftProtobufPluginLibrary

extension ContractCompilerCommand {
  /// Prints the findings of the clinic's rules.
  /// - Returns: 1 where there is a finding.
  static func lint(_ path: String, root: String, files: [String]) throws -> Int32 {
    let set = DescriptorSet(proto: try readDescriptors(path))
    let findings = files.compactMap { set.fileDescriptor(named: $0) }
      .flatMap { ContractLinter(file: $0).findings() }
    let prefix = root.isEmpty || root.hasSuffix("/") ? root : root + "/"
    for finding in findings.sorted() { print("\(prefix)\(finding)") }
    return findings.isEmpty ? 0 : 1
  }
}
