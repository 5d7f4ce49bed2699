import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Emits one enum.
struct EnumGenerator {
  private let enumeration: EnumDescriptor
  private let names: SwiftNames
  private let access: String

  init(_ enumeration: EnumDescriptor, names: SwiftNames, access: String) {
    self.enumeration = enumeration
    self.names = names
    self.access = access
  }

  func printType(to printer: inout CodePrinter) {
    let name = names.relativeName(enumeration)
    let originals = enumeration.values.filter { $0.original == nil }
    printer.printComment(enumeration.protoSourceCommentsWithDeprecation())
    printer.printBlock("\(access) enum \(name): OpenEnum {") { printer in
      for value in originals {
        printer.printComment(value.protoSourceCommentsWithDeprecation())
        printer.printLines("case \(names.caseName(value))")
      }
      printer.printLines(
        "/// A number that the contract does not name.", "case unrecognized(Int32)")
      printAliases(to: &printer)
      printer.printLines("")
      let zero = SwiftNames.unquoted(names.caseName(enumeration.zero))
      printer.printLines("\(access) init() { self = .\(zero) }", "")
      printer.printBlock("\(access) init(rawValue: Int32) {") { printer in
        printer.printLines("switch rawValue {")
        for value in originals {
          printer.printLines("case \(value.number): self = \(dotted(value))")
        }
        printer.printLines("default: self = .unrecognized(rawValue)", "}")
      }
      printer.printLines("")
      printer.printBlock("\(access) var rawValue: Int32 {") { printer in
        printer.printLines("switch self {")
        for value in originals {
          printer.printLines("case \(dotted(value)): \(value.number)")
        }
        printer.printLines("case .unrecognized(let number): number", "}")
      }
      printer.printLines("")
      let cases = originals.map(dotted).joined(separator: ", ")
      printer.printLines("\(access) static let allCases: [Self] = [\(cases)]", "")
      printDescriptor(to: &printer)
    }
  }

  private func dotted(_ value: EnumValueDescriptor) -> String {
    "." + SwiftNames.unquoted(names.caseName(value))
  }

  private func printAliases(to printer: inout CodePrinter) {
    var taken = Set(enumeration.values.filter { $0.original == nil }.map(names.caseName))
    for value in enumeration.values {
      guard let original = value.original, taken.insert(names.caseName(value)).inserted else {
        continue
      }
      printer.printComment(value.protoSourceCommentsWithDeprecation())
      printer.printLines("\(access) static let \(names.caseName(value)) = Self\(dotted(original))")
    }
  }

  private func printDescriptor(to printer: inout CodePrinter) {
    printer.printBlock("\(access) static let descriptor = EnumDescriptor(", ")") { printer in
      printer.printLines("\(literal(enumeration.fullName)),")
      printer.printBlock("values: [", "],") { printer in
        for value in enumeration.values {
          printer.printLines(".init(\(literal(value.name)), \(value.number)),")
        }
      }
      printer.printLines("documentation: \(literal(enumeration.documentation))")
    }
  }
}

extension ProvidesSourceCodeLocation {
  /// The contract's comment as one paragraph of text.
  var documentation: String {
    let comments = sourceCodeInfoLocation?.leadingComments ?? ""
    return comments.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " } }
      .joined(separator: "\n")
      .split(separator: "\n\n").map { $0.split(separator: "\n").joined(separator: " ") }
      .joined(separator: "\n")
  }
}
