import SwiftProtobuf
package import SwiftProtobufPluginLibrary

/// Emits the messages and enums of one file: types, binary bridge to the C structs, JSON and
/// descriptors.
package struct MessagesGenerator {
  private let file: FileDescriptor
  private let options: GenerationOptions
  private let names: SwiftNames

  package init(file: FileDescriptor, options: GenerationOptions) {
    self.file = file
    self.options = options
    names = SwiftNames(options: options)
  }

  /// The file's Swift source.
  package func render() throws -> String {
    var printer = CodePrinter()
    printer.print(GeneratedFile.banner(for: file), newlines: false)
    printer.printLines("")
    printImports(to: &printer)
    printTypes(to: &printer)
    return printer.content
  }

  /// The Swift names of all messages of the file, nested ones included, for a type registry.
  package var messageTypeNames: [String] {
    messages.map(names.typeName)
  }

  private func printImports(to printer: inout CodePrinter) {
    if !messages.isEmpty { printer.printLines("internal import \(options.cModule(of: file))") }
    let imported = referencedFiles.map(options.swiftModule) + ["ProtobufRuntime"]
    printer.print(GeneratedFile.imports(imported, options: options), newlines: false)
  }

  private func printTypes(to printer: inout CodePrinter) {
    let access = options.visibility.rawValue
    for enumeration in file.enums {
      printer.printLines("")
      EnumGenerator(enumeration, names: names, access: access).printType(to: &printer)
    }
    for message in file.messages {
      printer.printLines("")
      MessageGenerator(message, names: names, access: access).printType(to: &printer)
    }
    for message in messages {
      let generator = MessageGenerator(message, names: names, access: access)
      printer.printLines("", "// MARK: - \(message.fullName)", "")
      generator.printWire(to: &printer)
      printer.printLines("")
      generator.printFieldAccess(to: &printer)
      printer.printLines("")
      generator.printDescriptor(to: &printer)
    }
  }

  /// All messages, parents first, without map entries.
  private var messages: [Descriptor] {
    func tree(_ message: Descriptor) -> [Descriptor] {
      [message] + message.messages.filter { !$0.options.mapEntry }.flatMap(tree)
    }
    return file.messages.flatMap(tree)
  }

  /// The files that declare the types of this file's fields.
  private var referencedFiles: [FileDescriptor] {
    func types(_ field: FieldDescriptor) -> [FileDescriptor] {
      if field.type == .enum { return [field.enumType.file] }
      guard field.type == .message else { return [] }
      guard let entry = field.messageType.mapKeyAndValue else { return [field.messageType.file] }
      return types(entry.value)
    }
    return messages.flatMap { $0.fields.flatMap(types) }
  }
}
