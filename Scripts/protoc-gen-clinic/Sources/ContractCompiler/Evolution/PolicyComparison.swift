import SwiftProtobuf
package import SwiftProtobufPluginLibrary

/// Finds what of a contract's options breaks clients of an earlier contract: calls that they may
/// make, retry, or fill in that way no longer. What breaks in messages and names is `buf breaking`'s
/// to find.
package struct PolicyComparison {
  private let old: DescriptorSet
  private let new: DescriptorSet

  /// - Parameters:
  ///   - old: What clients were built on.
  ///   - new: The contract as it is now, with source info.
  package init(from old: DescriptorSet, to new: DescriptorSet) {
    self.old = old
    self.new = new
  }

  /// What breaks, in no particular order, at its place in the new contract.
  package func findings() -> [Diagnostic] {
    let messages = Dictionary(
      uniqueKeysWithValues: old.files.flatMap(\.allMessages).map { ($0.fullName, $0) })
    let methods = Dictionary(
      uniqueKeysWithValues: old.files.flatMap(\.services).flatMap(\.methods)
        .map { ($0.path, $0) })
    var reports: [String: LintReport] = [:]
    func report(_ file: FileDescriptor, _ check: (inout LintReport) -> Void) {
      check(&reports[file.name, default: LintReport(file: file)])
    }
    var requests: [Descriptor] = []
    for method in new.files.flatMap(\.services).flatMap(\.methods) {
      guard let before = methods[method.path] else { continue }
      requests.append(method.inputType)
      report(method.service.file) { MethodChange(from: before, to: method).check(&$0) }
    }
    for message in Self.reach(of: requests) {
      guard let before = messages[message.fullName] else { continue }
      let fields = Dictionary(uniqueKeysWithValues: before.fields.map { ($0.number, $0) })
      report(message.file) { report in
        for field in message.fields {
          FieldChange(from: fields[field.number], to: field).check(&report)
        }
      }
    }
    return reports.values.flatMap(\.findings)
  }

  /// Messages and those within them that clients fill in.
  private static func reach(of roots: [Descriptor]) -> [Descriptor] {
    var known: Set<String> = []
    var found: [Descriptor] = []
    var waiting = roots
    while let message = waiting.popLast() {
      guard known.insert(message.fullName).inserted else { continue }
      found.append(message)
      waiting += message.fields.filter { $0.clinicPolicy?.outputOnly != true }
        .compactMap(RuleReach.message(of:))
    }
    return found
  }
}

extension MethodDescriptor {
  /// How a call names it.
  fileprivate var path: String { "\(service.fullName)/\(name)" }
}
