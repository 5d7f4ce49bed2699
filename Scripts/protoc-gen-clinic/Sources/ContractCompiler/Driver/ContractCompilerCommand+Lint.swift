import SwiftProtobufPluginLibrary

extension ContractCompilerCommand {
  /// Prints the findings of the clinic's rules.
  /// - Returns: 1 where there is a finding.
  static func lint(_ path: String, root: String, files: [String]) throws -> Int32 {
    let set = DescriptorSet(proto: try readDescriptors(path))
    let findings = files.compactMap { set.fileDescriptor(named: $0) }
      .flatMap { ContractLinter(file: $0).findings() }
    return tell(findings, root: root)
  }

  /// Prints what of a contract's options breaks the clients of an earlier one.
  /// - Returns: 1 where something does.
  static func compare(_ old: String, _ new: String, root: String) throws -> Int32 {
    let comparison = PolicyComparison(
      from: DescriptorSet(proto: try readDescriptors(old)),
      to: DescriptorSet(proto: try readDescriptors(new)))
    return tell(comparison.findings(), root: root)
  }

  private static func tell(_ findings: [Diagnostic], root: String) -> Int32 {
    let prefix = root.isEmpty || root.hasSuffix("/") ? root : root + "/"
    for finding in findings.sorted() { print("\(prefix)\(finding)") }
    return findings.isEmpty ? 0 : 1
  }
}
