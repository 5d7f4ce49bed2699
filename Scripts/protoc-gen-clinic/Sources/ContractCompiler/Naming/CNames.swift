import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The names of the C declarations of a contract, as protoc-gen-c 1.4 makes them from the
/// descriptors of ``CDescriptors``.
enum CNames {
  /// The C struct of a message: `clinic.v1.Patient` → `Clinic__V1__Patient`.
  static func structName(_ message: Descriptor) -> String {
    fullName(message).split(separator: ".").map(camel).joined(separator: "__")
  }

  /// The function that initialises a message's struct: `clinic__v1__patient__init`.
  static func initFunction(_ message: Descriptor) -> String {
    fullName(message).split(separator: ".").map(lower).joined(separator: "__") + "__init"
  }

  /// The member of a field.
  static func member(_ field: FieldDescriptor) -> String {
    structNames(field.containingType).fields[field.index]
  }

  /// The member that counts the elements of a repeated field.
  static func countMember(_ field: FieldDescriptor) -> String {
    "n_" + member(field)
  }

  /// The member that says which field of a oneof is set, by field number.
  ///
  /// A proto3 `optional` field has a oneof of its own in the C contracts.
  static func caseMember(_ oneof: OneofDescriptor) -> String {
    structNames(oneof.containingType).oneofs[oneof.index] + "_case"
  }

  /// The full name in C, where siblings that would be written alike have numbers.
  private static func fullName(_ message: Descriptor) -> String {
    let siblings = message.containingType?.messages ?? message.file.messages
    let name = CStructNames.messages(siblings.map(\.name))[message.index]
    if let parent = message.containingType { return "\(fullName(parent)).\(name)" }
    let package = message.file.package
    return "\(package.isEmpty ? CStructNames.packageOfUnnamed : package).\(name)"
  }

  private static func structNames(_ message: Descriptor) -> CStructNames {
    CStructNames(
      .with { proto in
        proto.field = message.fields.map { field in
          .with {
            $0.name = field.name
            $0.number = field.number
            $0.label = field.isRepeated ? .repeated : .optional
          }
        }
        proto.nestedType = message.messages.map { nested in .with { $0.name = nested.name } }
        proto.oneofDecl = message.oneofs.map { oneof in .with { $0.name = oneof.name } }
      })
  }

  /// `some_name` → `SomeName`; other capitals stay.
  private static func camel(_ name: Substring) -> String {
    var result = ""
    var isStart = true
    for character in name {
      if character == "_" {
        isStart = true
      } else {
        result += isStart ? character.uppercased() : String(character)
        isStart = false
      }
    }
    return result
  }

  /// `SomeName` → `some_name`; a run of capitals counts as one word.
  private static func lower(_ name: Substring) -> String {
    var result = ""
    var wasUpper = true
    for character in name {
      let isUpper = character.isUppercase
      if isUpper && !wasUpper { result += "_" }
      result += isUpper ? character.lowercased() : String(character)
      wasUpper = isUpper
    }
    return result
  }
}
