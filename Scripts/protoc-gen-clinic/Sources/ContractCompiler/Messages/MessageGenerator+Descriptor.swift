import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The descriptor of a message, as Swift values.
extension MessageGenerator {
  func printDescriptor(to printer: inout CodePrinter) {
    printer.printBlock("extension \(typeName) {") { printer in
      printer.printBlock("\(access) static let descriptor = MessageDescriptor(", ")") { printer in
        printer.printLines("\(literal(message.fullName)),")
        if fields.isEmpty {
          printer.printLines("fields: [],")
        } else {
          printer.printBlock("fields: [", "],") { printer in
            for shape in fields { printer.printLines(fieldDescriptor(shape) + ",") }
          }
        }
        if message.options.deprecated { printer.printLines("isDeprecated: true,") }
        printer.printLines("documentation: \(literal(message.documentation))")
      }
    }
  }

  private func fieldDescriptor(_ shape: FieldShape) -> String {
    let field = shape.field
    let value = shape.mapEntry?.value ?? shape
    var parts = [
      "\(field.number)", literal(field.name), "json: \(literal(field.jsonName ?? field.name))",
      ".\(value.kind)"
    ]
    if shape.isMap {
      parts.append(".map")
    } else if field.isRepeated {
      parts.append(".repeated")
    } else if field.hasPresence {
      parts.append(".optional")
    }
    if value.field.type == .message {
      parts.append("type: \(literal(value.field.messageType.fullName))")
    } else if value.field.type == .enum {
      parts.append("type: \(literal(value.field.enumType.fullName))")
    }
    if let key = shape.mapEntry?.key { parts.append("key: .\(key.kind)") }
    if let oneof = field.realContainingOneof { parts.append("oneof: \(literal(oneof.name))") }
    let policy = FieldPolicySummary(field)
    if let sensitivity = policy.sensitivity { parts.append("sensitivity: .\(sensitivity)") }
    if !policy.rules.isEmpty { parts.append("rules: \(literal(policy.rules))") }
    if field.options.deprecated { parts.append("isDeprecated: true") }
    if !field.documentation.isEmpty { parts.append("doc: \(literal(field.documentation))") }
    return "FieldDescriptor(\(parts.joined(separator: ", ")))"
  }
}
