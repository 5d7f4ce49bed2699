import Foundation
import SwiftProtobuf
package import SwiftProtobufPluginLibrary

/// Checks the clinic's rules on one contract; what `buf lint` can check is left to it.
package struct ContractLinter {
  private let file: FileDescriptor

  package init(file: FileDescriptor) {
    self.file = file
  }

  /// What is wrong, in no particular order.
  package func findings() -> [Diagnostic] {
    var report = LintReport(file: file)
    for service in file.services {
      report.requireComment(service, "service \(service.name)")
      for method in service.methods {
        report.requireComment(method, "method \(method.name)")
        MethodRules(method).check(&report)
      }
    }
    for message in file.allMessages { check(message, &report) }
    for enumeration in allEnums { check(enumeration, &report) }
    return report.findings
  }

  private func check(_ message: Descriptor, _ report: inout LintReport) {
    report.requireComment(message, "message \(message.name)")
    for oneof in message.realOneofs { report.requireComment(oneof, "oneof \(oneof.name)") }
    for field in message.fields {
      report.requireComment(field, "field \(field.name)")
      FieldRules(field).check(&report)
    }
  }

  private func check(_ enumeration: EnumDescriptor, _ report: inout LintReport) {
    report.requireComment(enumeration, "enum \(enumeration.name)")
    for value in enumeration.values { report.requireComment(value, "value \(value.name)") }
  }

  private var allEnums: [EnumDescriptor] {
    file.enums + file.allMessages.flatMap(\.enums)
  }
}
