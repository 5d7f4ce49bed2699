import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The bridge between a message and its C struct: straight-line code, field by field.
extension MessageGenerator {
  func printWire(to printer: inout CodePrinter) {
    let cType = CNames.structName(message)
    printer.printBlock("extension \(typeName) {") { printer in
      printer.printLines(
        "\(access) static let wireLayout = WireLayout(\(cType).self, \(CNames.initFunction(message)))"
      )
      for shape in fields where shape.isMap {
        guard let entry = shape.field.messageType else { continue }
        printer.printLines(
          "private static let \(layoutName(shape)) = WireLayout("
            + "\(CNames.structName(entry)).self, \(CNames.initFunction(entry)))")
      }
      printer.printLines("")
      printDecoding(cType, to: &printer)
      printer.printLines("")
      printEncoding(cType, to: &printer)
    }
  }

  private func layoutName(_ shape: FieldShape) -> String {
    SwiftNames.unquoted(shape.property) + "EntryLayout"
  }

  // MARK: C to Swift

  private func printDecoding(_ cType: String, to printer: inout CodePrinter) {
    printer.printBlock(
      "\(access) init(unpacking source: UnsafeRawPointer, _ decoder: inout WireDecoder) {"
    ) { printer in
      if !fields.isEmpty {
        printer.printLines("let c = source.assumingMemoryBound(to: \(cType).self)")
      }
      for property in properties {
        switch property {
        case .field(let shape): printDecoding(shape, to: &printer)
        case .oneof(let oneof): printDecoding(oneof, to: &printer)
        }
      }
      printer.printLines("self.unknownFields = decoder.unknownFields(source)")
    }
  }

  private func printDecoding(_ shape: FieldShape, to printer: inout CodePrinter) {
    let c = "c.pointee.`\(shape.member)`"
    if let (key, value) = shape.mapEntry {
      let read = "(\(key.read("entry.pointee.key")), \(value.read("entry.pointee.value")))"
      printer.printBlock(
        "self.\(shape.storage) = decoder.map(\(c), c.pointee.\(shape.countMember)) {"
          + " entry, decoder in"
      ) { $0.printLines(read) }
    } else if shape.field.isRepeated {
      printer.printLines(
        "self.\(shape.storage) = decoder.\(shape.repeatedFunction)"
          + "(\(c), c.pointee.\(shape.countMember))")
    } else if shape.isMessage {
      let read =
        shape.isBoxed
        ? "self.\(boxProperty(shape)) = decoder.boxed(\(c))"
        : "self.\(shape.storage) = decoder.message(\(c))"
      if let oneof = shape.field.containingOneof {
        printer.printBlock(
          "if c.pointee.\(CNames.caseMember(oneof)).rawValue == \(shape.field.number) {"
        ) { $0.printLines(read) }
      } else {
        printer.printLines(read)
      }
    } else if shape.isOptionalScalar, let oneof = shape.field.containingOneof {
      printer.printBlock(
        "if c.pointee.\(CNames.caseMember(oneof)).rawValue == \(shape.field.number) {"
      ) { $0.printLines("self.\(shape.storage) = \(shape.read(c))") }
    } else {
      printer.printLines("self.\(shape.storage) = \(shape.read(c))")
    }
  }

  private func printDecoding(_ oneof: OneofDescriptor, to printer: inout CodePrinter) {
    printer.printLines("switch c.pointee.\(CNames.caseMember(oneof)).rawValue {")
    for field in oneof.fields {
      let shape = FieldShape(field, names: names, scope: message)
      let value = shape.read("c.pointee.`\(shape.member)`")
      let name = SwiftNames.unquoted(names.caseName(field))
      printer.printLines(
        "case \(field.number): self.\(names.property(oneof)) = .\(name)(\(value))")
    }
    printer.printLines("default: break", "}")
  }

  // MARK: Swift to C

  private func printEncoding(_ cType: String, to printer: inout CodePrinter) {
    printer.printBlock(
      "\(access) func pack(into target: UnsafeMutableRawPointer, _ encoder: inout WireEncoder) {"
    ) { printer in
      if !fields.isEmpty {
        printer.printLines("let c = target.assumingMemoryBound(to: \(cType).self)")
        printer.printLines("encoder.reserve(fields: \(fields.count))")
      }
      for property in properties {
        switch property {
        case .field(let shape): printEncoding(shape, to: &printer)
        case .oneof(let oneof): printEncoding(oneof, to: &printer)
        }
      }
      printer.printLines("encoder.unknownFields(self.unknownFields, into: target)")
      for shape in fields where shape.isFloatingPoint && !shape.field.isRepeated {
        guard !shape.field.hasPresence else { continue }
        printer.printLines(
          "encoder.negativeZero(self.\(shape.storage), field: \(shape.field.number), into: target)"
        )
      }
    }
  }

  private func printEncoding(_ shape: FieldShape, to printer: inout CodePrinter) {
    let c = "c.pointee.`\(shape.member)`"
    let property = "self.\(shape.storage)"
    if let (key, value) = shape.mapEntry {
      printer.printBlock(
        "\(c) = encoder.map(\(property), Self.\(layoutName(shape))) { entry, key, value, encoder in"
      ) { printer in
        printer.printLines("entry.pointee.key = \(key.write("key"))")
        printer.printLines("entry.pointee.value = \(value.write("value"))")
        if value.isFloatingPoint {
          printer.printLines(
            "encoder.negativeZero(value, field: 2, into: UnsafeMutableRawPointer(entry))")
        }
      }
      printer.printLines("c.pointee.\(shape.countMember) = \(property).count")
    } else if shape.field.isRepeated {
      printer.printLines("\(c) = encoder.\(shape.repeatedFunction)(\(property))")
      printer.printLines("c.pointee.\(shape.countMember) = \(property).count")
    } else if shape.isMessage {
      let value = shape.isBoxed ? "self.\(boxProperty(shape))" : property
      if let oneof = shape.field.containingOneof {
        printer.printBlock("if let value = \(value) {") { printer in
          printer.printLines(
            "c.pointee.\(CNames.caseMember(oneof)) = .init(rawValue: \(shape.field.number))",
            "\(c) = encoder.message(value)")
        }
      } else {
        printer.printLines("\(c) = encoder.message(\(value))")
      }
    } else if shape.isOptionalScalar, let oneof = shape.field.containingOneof {
      printer.printBlock("if let value = \(property) {") { printer in
        printer.printLines(
          "c.pointee.\(CNames.caseMember(oneof)) = .init(rawValue: \(shape.field.number))")
        printer.printLines("\(c) = \(shape.write("value"))")
      }
    } else {
      printer.printLines("\(c) = \(shape.write(property))")
    }
  }

  private func printEncoding(_ oneof: OneofDescriptor, to printer: inout CodePrinter) {
    printer.printLines("switch self.\(names.property(oneof)) {")
    for field in oneof.fields {
      let shape = FieldShape(field, names: names, scope: message)
      let name = SwiftNames.unquoted(names.caseName(field))
      printer.printLines("case .\(name)(let value):")
      printer.withIndentation { printer in
        printer.printLines(
          "c.pointee.\(CNames.caseMember(oneof)) = .init(rawValue: \(field.number))")
        printer.printLines("c.pointee.`\(shape.member)` = \(shape.write("value"))")
      }
    }
    printer.printLines("case nil: break", "}")
  }
}
