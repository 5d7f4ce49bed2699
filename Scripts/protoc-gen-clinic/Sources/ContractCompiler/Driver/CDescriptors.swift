package import SwiftProtobuf

/// Rewrites a descriptor set for protoc-gen-c (libprotobuf-c 1.4).
///
/// The wire format stays the same; what protoc-gen-c refuses or gets wrong goes:
/// - a proto3 `optional` field becomes a real oneof of one member;
/// - every string becomes length and pointer (`string_as_bytes`), so that an embedded NUL survives;
/// - an enum field becomes an `int32`, since proto3 enums are open;
/// - repeated numbers say in so many words whether they are packed;
/// - options, services, comments and the imports that only they needed are left out.
package struct CDescriptors {
  private let files: [Google_Protobuf_FileDescriptorProto]

  /// The file that declares each message, by full name with a leading dot.
  private let owners: [String: String]

  /// The name of each message in C, by full name with a leading dot.
  private let names: [String: String]

  /// - Parameter set: A descriptor set with all imports included.
  package init(_ set: Google_Protobuf_FileDescriptorSet) {
    files = set.file
    var owners: [String: String] = [:]
    var names: [String: String] = [:]
    for file in set.file {
      let scope = file.package.isEmpty ? "" : "." + file.package
      Self.collect(file.messageType, scope: scope) { owners[$0] = file.name }
      Self.rename(file.messageType, scope: scope, cScope: scope, into: &names)
    }
    self.owners = owners
    self.names = names
  }

  /// The rewritten set, in the order of the original one.
  package func rewritten() -> Google_Protobuf_FileDescriptorSet {
    .with { $0.file = files.map(rewrite) }
  }

  private static func collect(
    _ messages: [Google_Protobuf_DescriptorProto], scope: String, _ found: (String) -> Void
  ) {
    for message in messages {
      let name = scope + "." + message.name
      found(name)
      collect(message.nestedType, scope: name, found)
    }
  }

  private static func rename(
    _ messages: [Google_Protobuf_DescriptorProto], scope: String, cScope: String,
    into names: inout [String: String]
  ) {
    for (message, cName) in zip(messages, CStructNames.messages(messages.map(\.name))) {
      let fullName = scope + "." + message.name
      names[fullName] = cScope + "." + cName
      rename(message.nestedType, scope: fullName, cScope: cScope + "." + cName, into: &names)
    }
  }

  private func rewrite(
    _ original: Google_Protobuf_FileDescriptorProto
  ) -> Google_Protobuf_FileDescriptorProto {
    // Imports stay as they are in proto2 files (descriptor.proto): they are never generated from.
    guard original.syntax == "proto3" else { return original }
    var file = original
    file.clearSourceCodeInfo()
    file.service = []
    file.extension = []
    file.enumType = []
    file.messageType = rewrite(original.messageType)
    file.options = file.package.isEmpty ? Self.unnamedFileOptions : Self.fileOptions

    var needed: Set<String> = []
    for message in original.messageType { collectOwners(of: message, into: &needed) }
    let visible = original.publicDependency.map { original.dependency[Int($0)] }
    let kept = original.dependency.filter { dependency in
      visible.contains(dependency) && isGenerated(dependency)
        || !needed.isDisjoint(with: publicClosure(of: dependency))
    }
    file.dependency = kept
    file.publicDependency = visible.compactMap { kept.firstIndex(of: $0).map(Int32.init) }
    file.weakDependency = []
    return file
  }

  private func rewrite(
    _ messages: [Google_Protobuf_DescriptorProto]
  ) -> [Google_Protobuf_DescriptorProto] {
    zip(messages, CStructNames.messages(messages.map(\.name))).map { message, name in
      var message = rewrite(message)
      message.name = name
      return message
    }
  }

  private func rewrite(
    _ original: Google_Protobuf_DescriptorProto
  ) -> Google_Protobuf_DescriptorProto {
    let names = CStructNames(original)
    var message = original
    message.clearOptions()
    message.enumType = []
    message.extension = []
    message.extensionRange = []
    message.reservedName = []
    message.nestedType = rewrite(original.nestedType)
    for index in message.field.indices {
      message.field[index].name = names.fields[index]
      rewrite(&message.field[index])
    }
    for index in message.oneofDecl.indices {
      message.oneofDecl[index] = .with { $0.name = names.oneofs[index] }
    }
    return message
  }

  private func rewrite(_ field: inout Google_Protobuf_FieldDescriptorProto) {
    let packed = field.options.hasPacked ? field.options.packed : true
    field.clearProto3Optional()
    field.clearOptions()
    field.clearJsonName()
    if field.type == .enum {
      field.type = .int32
      field.clearTypeName()
    }
    if let name = names[field.typeName] { field.typeName = name }
    switch field.type {
    case .string: field.options = Self.stringAsBytes
    case .message, .group, .bytes: break
    default: if field.label == .repeated { field.options.packed = packed }
    }
  }

  private func collectOwners(
    of message: Google_Protobuf_DescriptorProto, into needed: inout Set<String>
  ) {
    for field in message.field {
      if let owner = owners[field.typeName] { needed.insert(owner) }
    }
    for nested in message.nestedType { collectOwners(of: nested, into: &needed) }
  }

  /// A file and everything it imports publicly: what an import of it makes visible.
  private func publicClosure(of name: String) -> Set<String> {
    guard let file = files.first(where: { $0.name == name }) else { return [name] }
    return file.publicDependency.reduce(into: [name]) { closure, index in
      closure.formUnion(publicClosure(of: file.dependency[Int(index)]))
    }
  }

  private func isGenerated(_ name: String) -> Bool {
    files.first { $0.name == name }?.syntax == "proto3"
  }

  // The options of protobuf-c.proto are written as unknown fields: extension 1019 of file and
  // field options. Merging these constant bytes cannot fail.

  /// `(pb_c_file).gen_pack_helpers = false`: the runtime packs and unpacks by descriptor.
  private static let fileOptions =
    (try? Google_Protobuf_FileOptions(
      serializedBytes: [0xda, 0x3f, 0x02, 0x10, 0x00] as [UInt8])) ?? .init()

  /// ``fileOptions`` with `c_package`, without which a struct would have the Swift type's name.
  private static let unnamedFileOptions =
    (try? Google_Protobuf_FileOptions(
      serializedBytes: [0xda, 0x3f, 0x0b, 0x10, 0x00, 0x32, 0x07]
        + Array(CStructNames.packageOfUnnamed.utf8))) ?? .init()

  /// `(pb_c_field).string_as_bytes = true`.
  private static let stringAsBytes =
    (try? Google_Protobuf_FieldOptions(
      serializedBytes: [0xda, 0x3f, 0x02, 0x08, 0x01] as [UInt8])) ?? .init()
}
