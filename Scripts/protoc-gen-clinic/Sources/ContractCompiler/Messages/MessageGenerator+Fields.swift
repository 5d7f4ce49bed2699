import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The parts of a message that know its fields one by one: what visitors see, what JSON sets, what a
/// field mask copies.
extension MessageGenerator {
  func printFieldAccess(to printer: inout CodePrinter) {
    printer.printBlock("extension \(typeName) {") { printer in
      printVisiting(to: &printer)
      printer.printLines("")
      printReading(to: &printer)
      printer.printLines("")
      printCopying(to: &printer)
    }
  }

  // MARK: Visiting

  private func printVisiting(to printer: inout CodePrinter) {
    printer.printBlock(
      "\(access) func visitFields(_ visitor: inout some FieldVisitor) throws(JSONError) {"
    ) { printer in
      var oneofs: Set<String> = []
      for shape in fields {
        guard let oneof = shape.field.realContainingOneof else {
          printer.printLines(
            "try visitor.\(visitFunction(shape))(\(shape.field.index), self.\(shape.storage))")
          continue
        }
        guard oneofs.insert(oneof.name).inserted else { continue }
        printer.printLines("switch self.\(names.property(oneof)) {")
        for field in oneof.fields {
          let name = SwiftNames.unquoted(names.caseName(field))
          printer.printLines(
            "case .\(name)(let value): try visitor.optional(\(field.index), value)")
        }
        printer.printLines("case nil: break", "}")
      }
    }
  }

  private func visitFunction(_ shape: FieldShape) -> String {
    if shape.isMap { return "map" }
    if shape.field.isRepeated { return "list" }
    return shape.field.hasPresence ? "optional" : "value"
  }

  // MARK: Reading

  private func printReading(to printer: inout CodePrinter) {
    printer.printBlock(
      "\(access) mutating func readField("
        + "_ index: Int, from reader: inout JSONReader) throws(JSONError) {"
    ) { printer in
      guard !fields.isEmpty else { return }
      printer.printLines("switch index {")
      for shape in fields {
        let label = "case \(shape.field.index):"
        if let oneof = shape.field.realContainingOneof {
          let name = SwiftNames.unquoted(names.caseName(shape.field))
          printer.printLines(
            "\(label) if let value: \(shape.elementType) = try reader.member() "
              + "{ self.\(names.property(oneof)) = .\(name)(value) }")
        } else {
          printer.printLines(
            "\(label) try reader.\(visitFunction(shape))(&self.\(shape.storage))")
        }
      }
      printer.printLines("default: break", "}")
    }
  }

  // MARK: Copying

  private func printCopying(to printer: inout CodePrinter) {
    printer.printBlock(
      "\(access) mutating func copyField("
        + "_ index: Int, from other: Self, _ path: MaskPath) -> Bool {"
    ) { printer in
      guard !fields.isEmpty else {
        printer.printLines("false")
        return
      }
      printer.printLines("switch index {")
      for shape in fields {
        if let oneof = shape.field.realContainingOneof {
          printCopying(shape, of: oneof, to: &printer)
        } else {
          printer.printLines(
            "case \(shape.field.index): "
              + "return path.copy(other.\(shape.storage), to: &self.\(shape.storage))")
        }
      }
      printer.printLines("default: return false", "}")
    }
  }

  private func printCopying(
    _ shape: FieldShape, of oneof: OneofDescriptor, to printer: inout CodePrinter
  ) {
    let property = names.property(oneof)
    let name = SwiftNames.unquoted(names.caseName(shape.field))
    printer.printLines("case \(shape.field.index):")
    printer.withIndentation { printer in
      printer.printLines(
        "var target: \(shape.elementType)?", "var source: \(shape.elementType)?",
        "if case .\(name)(let value) = self.\(property) { target = value }",
        "if case .\(name)(let value) = other.\(property) { source = value }",
        "let isSet = target != nil",
        "guard path.copy(source, to: &target) else { return false }",
        "if let target {", "  self.\(property) = .\(name)(target)",
        "} else if isSet {", "  self.\(property) = nil", "}", "return true")
    }
  }
}
