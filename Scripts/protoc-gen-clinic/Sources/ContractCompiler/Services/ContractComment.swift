import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The contract's comments as texts.
enum ContractComment {
  /// The comment of a declaration, its lines joined into paragraphs; empty where there is none.
  static func text(of declaration: some ProvidesSourceCodeLocation) -> String {
    guard let location = declaration.sourceCodeInfoLocation else { return "" }
    let comment = location.hasLeadingComments ? location.leadingComments : location.trailingComments
    let paragraphs = comment.components(separatedBy: "\n")
      .map { $0.trimmingCharacters(in: .whitespaces) }
      .split(separator: "", omittingEmptySubsequences: true)
    return paragraphs.map { $0.joined(separator: " ") }.joined(separator: "\n")
  }
}
