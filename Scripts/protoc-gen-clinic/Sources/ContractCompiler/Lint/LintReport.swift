import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The findings of one file.
struct LintReport {
  private let file: FileDescriptor
  private(set) var findings: [Diagnostic] = []

  init(file: FileDescriptor) {
    self.file = file
  }

  /// Reports a finding at the declaration that it is about.
  mutating func add(_ message: String, at declaration: some ProvidesSourceCodeLocation) {
    let span = declaration.sourceCodeInfoLocation?.span ?? []
    let position = span.count >= 2 ? (Int(span[0]) + 1, Int(span[1]) + 1) : (1, 1)
    findings.append(
      Diagnostic(file: file.name, line: position.0, column: position.1, message: message))
  }

  /// Reports a declaration without a comment.
  mutating func requireComment(_ declaration: some ProvidesSourceCodeLocation, _ name: String) {
    if ContractComment.text(of: declaration).isEmpty {
      add("\(name) needs a comment that a partner can build from", at: declaration)
    }
  }
}
