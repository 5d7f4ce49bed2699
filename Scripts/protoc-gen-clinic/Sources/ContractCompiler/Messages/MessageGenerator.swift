import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Emits one message: its struct, and in further files' extensions its bridge to C, its JSON and
/// its descriptor.
struct MessageGenerator {
  let message: Descriptor
  let names: SwiftNames
  /// Who may use the generated declarations: `public`, `package` or `internal`.
  let access: String
  let fields: [FieldShape]

  init(_ message: Descriptor, names: SwiftNames, access: String) {
    self.message = message
    self.names = names
    self.access = access
    fields = message.fields.map { FieldShape($0, names: names, scope: message) }
  }

  var typeName: String { names.typeName(message) }

  /// What the struct stores, in the contract's order: fields, and each oneof at its first field.
  var properties: [Property] {
    var result: [Property] = []
    var oneofs: Set<String> = []
    for shape in fields {
      if let oneof = shape.field.realContainingOneof {
        if oneofs.insert(oneof.name).inserted { result.append(.oneof(oneof)) }
      } else {
        result.append(.field(shape))
      }
    }
    return result
  }

  enum Property {
    case field(FieldShape)
    case oneof(OneofDescriptor)
  }

  // MARK: The struct

  func printType(to printer: inout CodePrinter) {
    printer.printComment(message.protoSourceCommentsWithDeprecation())
    printer.printBlock("\(access) struct \(names.relativeName(message)): Message {") { printer in
      for property in properties {
        printProperty(property, to: &printer)
        printer.printLines("")
      }
      printer.printLines(
        "/// Fields that this contract does not know.",
        "\(access) var unknownFields = UnknownFields()", "", "\(access) init() {}")
      printInit(to: &printer)
      for oneof in message.realOneofs {
        printer.printLines("")
        printOneof(oneof, to: &printer)
      }
      for enumeration in message.enums {
        printer.printLines("")
        EnumGenerator(enumeration, names: names, access: access).printType(to: &printer)
      }
      for nested in message.messages where !nested.options.mapEntry {
        printer.printLines("")
        MessageGenerator(nested, names: names, access: access).printType(to: &printer)
      }
    }
  }

  private func printProperty(_ property: Property, to printer: inout CodePrinter) {
    switch property {
    case .oneof(let oneof):
      printer.printComment(oneof.protoSourceComments())
      printer.printLines("\(access) var \(names.property(oneof)): \(names.relativeName(oneof))?")
    case .field(let shape):
      printer.printComment(shape.field.protoSourceCommentsWithDeprecation())
      guard shape.isDeprecated else {
        printStorage(of: shape, access: "\(access) ", to: &printer)
        return
      }
      printer.printLines("@available(*, deprecated)")
      printer.printBlock("\(access) var \(shape.property): \(shape.type) {") { printer in
        printer.printLines(
          "get { self.\(shape.storage) }", "set { self.\(shape.storage) = newValue }")
      }
      printStorage(of: shape, access: "", to: &printer)
    }
  }

  private func printStorage(
    of shape: FieldShape, access: String, to printer: inout CodePrinter
  ) {
    guard shape.isBoxed else {
      let value = shape.field.hasPresence ? "" : " = \(shape.defaultValue)"
      printer.printLines("\(access)var \(shape.storage): \(shape.type)\(value)")
      return
    }
    let box = boxProperty(shape)
    printer.printBlock("\(access)var \(shape.storage): \(shape.type) {") { printer in
      printer.printLines("get { \(box)?.value }", "set { \(box) = newValue.map(Boxed.init) }")
    }
    printer.printLines("private var \(box): Boxed<\(shape.elementType)>?")
  }

  /// The stored property behind a boxed field.
  func boxProperty(_ shape: FieldShape) -> String {
    SwiftNames.unquoted(shape.property) + "Box"
  }

  private func printInit(to printer: inout CodePrinter) {
    guard !properties.isEmpty else { return }
    let parameters = properties.map { property in
      switch property {
      case .field(let shape): "\(shape.property): \(shape.type) = \(shape.defaultValue)"
      case .oneof(let oneof): "\(names.property(oneof)): \(names.relativeName(oneof))? = nil"
      }
    }
    printer.printLines("", "\(access) init(")
    printer.withIndentation { printer in
      for (index, parameter) in parameters.enumerated() {
        printer.printLines(parameter + (index + 1 < parameters.count ? "," : ""))
      }
    }
    printer.printBlock(") {") { printer in
      for property in properties {
        switch property {
        case .field(let shape): printer.printLines("self.\(shape.storage) = \(shape.property)")
        case .oneof(let oneof):
          printer.printLines("self.\(names.property(oneof)) = \(names.property(oneof))")
        }
      }
    }
  }

  private func printOneof(_ oneof: OneofDescriptor, to printer: inout CodePrinter) {
    printer.printComment(oneof.protoSourceComments())
    printer.printBlock("\(access) enum \(names.relativeName(oneof)): Sendable, Hashable {") {
      printer in
      for field in oneof.fields {
        let shape = FieldShape(field, names: names, scope: message)
        printer.printComment(field.protoSourceCommentsWithDeprecation())
        let indirect = shape.isBoxed ? "indirect " : ""
        printer.printLines("\(indirect)case \(names.caseName(field))(\(shape.elementType))")
      }
    }
  }
}
