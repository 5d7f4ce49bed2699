import SwiftProtobufPluginLibrary

/// Emits the enum that lists what a module's contracts hold: services, permissions, messages.
struct RegistryGenerator {
  private let name: String
  private let files: [FileDescriptor]
  private let options: GenerationOptions
  private let services: [ServiceModel]

  /// Nil where the caller wants no registry.
  init?(files: [FileDescriptor], options: GenerationOptions) {
    guard let name = options.registry else { return nil }
    self.name = name
    self.files = files
    self.options = options
    let names = SwiftNames(options: options)
    services = files.flatMap(\.services).map { ServiceModel($0, names: names) }
  }

  /// The file's Swift source.
  func render() -> String {
    var printer = CodePrinter()
    let packages = Set(files.map(\.package)).sorted().filter { !$0.isEmpty }
    printer.print(
      GeneratedFile.banner(source: "all files of \(packages.joined(separator: ", "))"),
      newlines: false)
    printer.printLines("")
    printer.print(
      GeneratedFile.imports(["ProtobufRuntime", "RPCCore"], options: options), newlines: false)
    printer.printLines("", "/// What the contracts of this module hold.")
    printer.printBlock("\(access) enum \(name) {") { printer in
      printServices(to: &printer)
      printer.printLines("")
      printPermissions(to: &printer)
      printer.printLines("")
      printMessages(to: &printer)
      printer.printLines("")
      printLookups(to: &printer)
    }
    return printer.content
  }

  private var access: String { options.visibility.rawValue }

  private func printServices(to printer: inout CodePrinter) {
    printer.printLines("/// The services, in the order of their files.")
    printList(
      "services: [ServiceDescriptor]", services.map { "\($0.typeName).descriptor" }, to: &printer)
  }

  private func printPermissions(to printer: inout CodePrinter) {
    var methods: [String: [String]] = [:]
    for service in services {
      for method in service.methods {
        for permission in method.policy?.permissions ?? [] where permission != "self" {
          methods[permission, default: []].append(
            "\(service.typeName).Methods.\(method.handlerName)")
        }
      }
    }
    printer.printLines(
      "/// The permissions that methods ask for, with these methods, in the order of the names. Not",
      "/// among them is `self`, which every caller has.")
    guard !methods.isEmpty else {
      printer.printLines("\(access) static let permissions: [PermissionDescriptor] = []")
      return
    }
    printer.printBlock("\(access) static let permissions: [PermissionDescriptor] = [", "]") {
      printer in
      for (permission, members) in methods.sorted(by: { $0.key < $1.key }) {
        printer.printBlock("PermissionDescriptor(", "),") { printer in
          printer.printLines("name: \(literal(permission)),")
          printer.printBlock("methods: [", "]") { printer in
            for member in members { printer.printLines("\(member),") }
          }
        }
      }
    }
  }

  private func printMessages(to printer: inout CodePrinter) {
    let names = files.flatMap { MessagesGenerator(file: $0, options: options).messageTypeNames }
    printer.printLines("/// The messages, in the order of their files.")
    printList("messages: [any Message.Type]", names.map { "\($0).self" }, to: &printer)
  }

  private func printLookups(to printer: inout CodePrinter) {
    printer.printLines(
      "/// The methods by their paths on the wire.",
      "private static let methods = Dictionary(",
      "  uniqueKeysWithValues: services.flatMap(\\.methods).map { ($0.path, $0) })",
      "",
      "/// The messages by their full names.",
      "private static let messagesByName = Dictionary(",
      "  uniqueKeysWithValues: messages.map { ($0.descriptor.fullName, $0) })",
      "",
      "/// The method with a path, as `clinic.v1.PatientService/GetPatient`.",
      "\(access) static func method(path: String) -> MethodDescriptor? { methods[path] }",
      "",
      "/// The message type with a full name, as `clinic.v1.Patient`.",
      "\(access) static func message(named name: String) -> (any Message.Type)? {",
      "  messagesByName[name]",
      "}")
  }

  private func printList(_ head: String, _ items: [String], to printer: inout CodePrinter) {
    guard !items.isEmpty else {
      printer.printLines("\(access) static let \(head) = []")
      return
    }
    printer.printBlock("\(access) static let \(head) = [", "]") { printer in
      for item in items { printer.printLines("\(item),") }
    }
  }
}
