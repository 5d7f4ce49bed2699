import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Emits `validate(_:partial:)` for the messages of one file that have rules.
struct ValidatorsGenerator {
  private let file: FileDescriptor
  private let options: GenerationOptions
  private let names: SwiftNames

  init(file: FileDescriptor, options: GenerationOptions) {
    self.file = file
    self.options = options
    names = SwiftNames(options: options)
  }

  /// The file's Swift source, or nil where no message has rules.
  /// - Throws: ``CompilerError`` where a rule cannot be compiled.
  func render() throws -> String? {
    let messages = file.allMessages.filter(RuleReach.hasRules)
    guard !messages.isEmpty else { return nil }
    var printer = CodePrinter()
    printer.print(GeneratedFile.banner(for: file), newlines: false)
    printer.printLines("")
    printer.print(GeneratedFile.imports(["ProtobufRuntime"], options: options), newlines: false)
    for message in messages {
      printer.printLines("")
      try print(message, to: &printer)
    }
    return printer.content
  }

  private func print(_ message: Descriptor, to printer: inout CodePrinter) throws {
    let access = options.visibility.rawValue
    var oneofs: Set<String> = []
    var checks: [FieldCheck] = []
    var patterns: [(name: String, field: FieldDescriptor)] = []
    for field in message.fields {
      guard RuleReach.isChecked(field) else { continue }
      if let oneof = field.realContainingOneof { oneofs.insert(oneof.name) }
      let check = FieldCheck(field, names: names, scope: message)
      if !(field.clinicPolicy?.pattern.isEmpty ?? true) {
        patterns.append((check.patternName, field))
      }
      checks.append(check)
    }
    printer.print("extension \(names.typeName(message)) {", newlines: true)
    printer.indent()
    for (name, field) in patterns {
      let pattern = field.clinicPolicy?.pattern ?? ""
      do {
        let program = try PatternCompiler.compile(pattern)
        printer.printBlock("private static let \(name) = StringPattern(", ")") { printer in
          printer.printLines("\(literal(pattern)),")
          printer.printBlock("[", "]") { printer in
            for step in program { printer.printLines("\(step.swift),") }
          }
        }
      } catch {
        throw CompilerError("\(field.position): pattern: \(error.description)")
      }
      printer.printLines("")
    }
    printer.printBlock(
      "\(access) func validate(_ violations: inout Violations, partial: Bool) {"
    ) { printer in
      for check in checks { check.print(to: &printer) }
    }
    printer.outdent()
    printer.printLines("}")
  }
}

extension FileDescriptor {
  /// All messages, parents first, without map entries.
  var allMessages: [Descriptor] {
    func tree(_ message: Descriptor) -> [Descriptor] {
      [message] + message.messages.filter { !$0.options.mapEntry }.flatMap(tree)
    }
    return messages.flatMap(tree)
  }
}

extension FieldDescriptor {
  /// Where the field is declared, as `file:line:column`.
  var position: String {
    guard let span = sourceCodeInfoLocation?.span, span.count >= 2 else {
      return "\(file.name):1:1"
    }
    return "\(file.name):\(span[0] + 1):\(span[1] + 1)"
  }
}
