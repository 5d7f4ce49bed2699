package import SwiftProtobuf

/// The names that the members of one message's C struct have.
///
/// protoc-gen-c lower-cases field names, adds `n_…` counts to repeated fields and `…_case` members
/// to oneofs, and lets all of these collide. The C descriptors are therefore written with names
/// that are already lower-case, unique and no keyword, so that protoc-gen-c keeps them as they
/// are. The Swift generator asks this type for the same names.
package struct CStructNames {
  /// The package that the C names of files without a package have, in seven letters.
  package static let packageOfUnnamed = "unnamed"

  /// The member of each field, in the order of the message's fields.
  package let fields: [String]

  /// The name of each oneof, synthetic ones included; its case member is `<name>_case`.
  package let oneofs: [String]

  /// Chooses the names of a message.
  package init(_ message: Google_Protobuf_DescriptorProto) {
    var used: Set<String> = ["base", "descriptor"]
    var fields: [String] = []
    for field in message.field {
      let name = Self.unused(field.name, suffix: "\(field.number)") { candidate in
        used.contains(candidate) || (field.label == .repeated && used.contains("n_" + candidate))
      }
      used.insert(name)
      if field.label == .repeated { used.insert("n_" + name) }
      fields.append(name)
    }

    let nested = Set(message.nestedType.map { $0.name.lowercased() })
    var oneofs: [String] = []
    for (index, oneof) in message.oneofDecl.enumerated() {
      let name = Self.unused(oneof.name, suffix: "oneof_\(index)") { candidate in
        let flat = candidate.filter { $0 != "_" } + "case"
        return used.contains(candidate) || used.contains(candidate + "_case")
          || nested.contains { $0.filter { $0 != "_" } == flat }
      }
      used.insert(name)
      used.insert(name + "_case")
      oneofs.append(name)
    }
    self.fields = fields
    self.oneofs = oneofs
  }

  /// The names of the messages of one scope: what protoc-gen-c would write alike (`Foo_Bar` and
  /// `FooBar`) gets a number.
  package static func messages(_ protoNames: [String]) -> [String] {
    var used = Set<String>()
    return protoNames.map { protoName in
      var name = protoName
      var number = 1
      while !used.insert(name.filter { $0 != "_" }.lowercased()).inserted {
        number += 1
        name = "\(protoName)\(number)"
      }
      return name
    }
  }

  private static func unused(
    _ protoName: String, suffix: String, isUsed: (String) -> Bool
  ) -> String {
    var name = protoName.lowercased()
    if reserved.contains(name) { name += "_" }
    if !isUsed(name) { return name }
    name += "_" + suffix
    while isUsed(name) { name += "_" }
    return name
  }

  /// The keywords of C and C++, macros that GNU C predefines, and the two member names that Swift
  /// cannot spell.
  private static let reserved: Set<String> = [
    "and", "and_eq", "asm", "assert", "auto", "bitand", "bitor", "bool", "break", "case", "catch",
    "char", "class", "compl", "const", "const_cast", "continue", "default", "delete", "do",
    "double", "dynamic_cast", "else", "enum", "errno", "explicit", "extern", "false", "float",
    "for", "friend", "goto", "if", "init", "inline", "int", "linux", "long", "mutable", "namespace",
    "new", "not", "not_eq", "offsetof", "operator", "or", "or_eq", "private", "protected", "public",
    "register", "reinterpret_cast", "restrict", "return", "self", "short", "signed", "sizeof",
    "static", "static_cast", "stderr", "stdin", "stdout", "struct", "switch", "template", "this",
    "throw", "true", "try", "typedef", "typeid", "typename", "typeof", "union", "unix", "unsigned",
    "using", "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq"
  ]
}
