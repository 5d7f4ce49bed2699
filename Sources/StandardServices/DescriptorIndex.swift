/// Finds the files of a descriptor set by what they declare.
public struct DescriptorIndex: Sendable {
  private struct File {
    let bytes: [UInt8]
    let imports: [String]
  }

  private var files: [String: File] = [:]
  /// Names of files by the full names of what they declare.
  private var symbols: [String: String] = [:]
  /// Names of files by field number, by the full name of what they extend.
  private var extensions: [String: [Int32: String]] = [:]

  /// Reads a google.protobuf.FileDescriptorSet.
  public init(descriptorSet bytes: [UInt8]) {
    for field in DescriptorFields(bytes[...]) where field.number == 1 { add(field.bytes) }
  }

  /// A file and all that it imports, each a google.protobuf.FileDescriptorProto; the file first.
  public func file(_ name: String) -> [[UInt8]]? {
    guard files[name] != nil else { return nil }
    var found: [[UInt8]] = []
    var names = [name]
    var seen: Set<String> = [name]
    while let next = names.popLast() {
      guard let file = files[next] else { continue }
      found.append(file.bytes)
      names += file.imports.filter { seen.insert($0).inserted }
    }
    return found
  }

  /// The file that declares a symbol.
  public func file(declaring symbol: String) -> [[UInt8]]? { symbols[symbol].flatMap { file($0) } }

  /// The file that declares an extension.
  public func file(extending type: String, number: Int32) -> [[UInt8]]? {
    extensions[type]?[number].flatMap { file($0) }
  }

  /// The numbers of all extensions of a message, or nil where there is no such message.
  public func extensionNumbers(of type: String) -> [Int32]? {
    guard symbols[type] != nil else { return nil }
    return extensions[type, default: [:]].keys.sorted()
  }

  // MARK: Reading, by the field numbers of google/protobuf/descriptor.proto

  private mutating func add(_ bytes: ArraySlice<UInt8>) {
    let descriptor = DescriptorFields(bytes)
    let name = descriptor.text(1)
    let package = descriptor.text(2)
    files[name] = File(
      bytes: Array(bytes), imports: descriptor.filter { $0.number == 3 }.map(\.text))
    for field in descriptor {
      switch field.number {
      case 4: addMessage(field.message, in: package, name)
      case 5: addEnum(field.message, in: package, name)
      case 6: addService(field.message, in: package, name)
      case 7: addExtension(field.message, in: package, name)
      default: break
      }
    }
  }

  private mutating func addMessage(_ message: DescriptorFields, in scope: String, _ file: String) {
    let name = declare(message.text(1), in: scope, file)
    for field in message {
      switch field.number {
      case 2, 8: declare(field.message.text(1), in: name, file)
      case 3: addMessage(field.message, in: name, file)
      case 4: addEnum(field.message, in: name, file)
      case 6: addExtension(field.message, in: name, file)
      default: break
      }
    }
  }

  private mutating func addEnum(_ descriptor: DescriptorFields, in scope: String, _ file: String) {
    declare(descriptor.text(1), in: scope, file)
    // Values are siblings of their enum, as in C.
    for field in descriptor where field.number == 2 {
      declare(field.message.text(1), in: scope, file)
    }
  }

  private mutating func addService(_ service: DescriptorFields, in scope: String, _ file: String) {
    let name = declare(service.text(1), in: scope, file)
    for field in service where field.number == 2 {
      declare(field.message.text(1), in: name, file)
    }
  }

  private mutating func addExtension(_ field: DescriptorFields, in scope: String, _ file: String) {
    declare(field.text(1), in: scope, file)
    let type = String(field.text(2).drop { $0 == "." })
    guard let number = field.first(where: { $0.number == 3 })?.integer else { return }
    extensions[type, default: [:]][Int32(truncatingIfNeeded: number)] = file
  }

  @discardableResult
  private mutating func declare(_ name: String, in scope: String, _ file: String) -> String {
    let full = scope.isEmpty ? name : "\(scope).\(name)"
    symbols[full] = file
    return full
  }
}
