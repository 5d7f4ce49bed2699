import ContractCompiler
import Foundation
import SwiftProtobuf
import Testing

@Suite("Descriptors for protoc-gen-c")
struct CDescriptorsTests {
  @Test("turn an optional field into a oneof of its own")
  func optional() throws {
    let message = try rewritten("message M { optional int32 a = 1; oneof b { string c = 2; } }")
    #expect(message.field.allSatisfy { !$0.proto3Optional })
    #expect(message.oneofDecl.map(\.name) == ["b", "_a"])
    #expect(message.field[0].oneofIndex == 1)
  }

  @Test("make every string a length and a pointer")
  func strings() throws {
    let message = try rewritten(
      "message M { string a = 1; map<string, string> b = 2; bytes c = 3; }")
    // (pb_c_field).string_as_bytes = true: extension 1019, field 1.
    let bytes: [UInt8] = [0xda, 0x3f, 2, 8, 1]
    #expect(try message.field[0].options.serializedBytes() as [UInt8] == bytes)
    #expect(try message.nestedType[0].field[0].options.serializedBytes() as [UInt8] == bytes)
    #expect(try message.nestedType[0].field[1].options.serializedBytes() as [UInt8] == bytes)
    #expect(!message.field[2].hasOptions)
  }

  @Test(
    "say whether a list is packed",
    arguments: [
      ("repeated int32 a = 1;", true), ("repeated int32 a = 1 [packed = false];", false),
      ("repeated int32 a = 1 [packed = true];", true)
    ])
  func packed(field: String, isPacked: Bool) throws {
    let message = try rewritten("message M { \(field) }")
    #expect(message.field[0].options.hasPacked)
    #expect(message.field[0].options.packed == isPacked)
  }

  @Test("make enum fields int32, since proto3 enums are open")
  func enums() throws {
    let message = try rewritten("message M { E a = 1; repeated E b = 2; enum E { E_ZERO = 0; } }")
    #expect(message.field.allSatisfy { $0.type == .int32 && !$0.hasTypeName })
    #expect(message.enumType.isEmpty)
    #expect(message.field[1].options.packed)
  }

  @Test("leave out options, services and the imports that only they need")
  func options() throws {
    let set = try Protoc.describe(
      """
      syntax = "proto3";
      package test.v1;
      import "clinic/options/v1/options.proto";
      import "google/protobuf/empty.proto";
      import "google/protobuf/timestamp.proto";
      service S { rpc Call(google.protobuf.Empty) returns (M); }
      message M {
        string a = 1 [(clinic.options.v1.field) = {required: true}, deprecated = true];
        google.protobuf.Timestamp b = 2;
      }
      """)
    let file = try #require(CDescriptors(set).rewritten().file.last)
    #expect(file.dependency == ["google/protobuf/timestamp.proto"])
    #expect(file.service.isEmpty)
    #expect(!file.messageType[0].field[0].options.deprecated)
    #expect(file.options.unknownFields.data == Data([0xda, 0x3f, 2, 0x10, 0]))
  }

  @Test("keep public imports that have messages")
  func publicImports() throws {
    let set = try Protoc.describe(
      ["fixture/v1/prefixed.proto"], in: [Repository.fixtures, Repository.proto])
    let file = try #require(CDescriptors(set).rewritten().file.last)
    #expect(file.dependency == ["fixture/v1/shapes.proto", "fixture/v1/scalars.proto"])
    #expect(file.publicDependency == [0])
  }

  @Test("give struct members names that neither C nor Swift stumbles over")
  func names() throws {
    let set = try Protoc.describe(
      ["fixture/v1/names.proto"], in: [Repository.fixtures, Repository.proto])
    let keywords = try #require(set.file.last?.messageType.first { $0.name == "Keywords" })
    let names = CStructNames(keywords)
    let byProto = Dictionary(
      uniqueKeysWithValues: zip(keywords.field.map(\.name), names.fields))
    #expect(byProto["class"] == "class_")
    #expect(byProto["self"] == "self_")
    #expect(byProto["linux"] == "linux_")
    #expect(byProto["base"] == "base_19")
    #expect(byProto["n_items"] == "n_items")
    #expect(byProto["items"] == "items_21")
    #expect(byProto["camelCase"] == "camelcase")
    #expect(byProto["import_case"] == "import_case")
    #expect(names.oneofs == ["import_oneof_0"])
    #expect(Set(names.fields).count == names.fields.count)
  }

  @Test("number messages that would have one name in C")
  func messageNames() throws {
    #expect(CStructNames.messages(["A_B", "AB", "ab", "C"]) == ["A_B", "AB2", "ab3", "C"])
    let message = try rewritten("message A_B { AB next = 1; } message AB { A_B next = 1; }")
    #expect(message.field[0].typeName == ".test.v1.AB2")
  }

  @Test("are what protoc-gen-c accepts, for all fixtures")
  func accepted() throws {
    let files = try Repository.protos(under: Repository.fixtures)
    let set = try Protoc.describe(files, in: [Repository.fixtures, Repository.proto])
    try withTemporaryFolder { folder in
      let descriptors = folder.appending(path: "c.binpb")
      try CDescriptors(set).rewritten().serializedData().write(to: descriptors)
      try Protoc.run(
        "protoc",
        ["--descriptor_set_in=\(descriptors.path)", "--c_out=\(folder.path)"] + files)
      for file in files {
        let source = folder.appending(path: file.replacing(".proto", with: ".pb-c.c"))
        try Protoc.run(
          "clang",
          ["-Wall", "-Werror", "-fsyntax-only", "-I", folder.path, "-I", cWellKnown, source.path])
      }
    }
  }

  private var cWellKnown: String {
    Repository.root.appending(path: "Sources/CWellKnownTypes/include").path
  }

  private func rewritten(_ message: String) throws -> Google_Protobuf_DescriptorProto {
    let set = try Protoc.describe("syntax = \"proto3\";\npackage test.v1;\n\(message)")
    let file = try #require(CDescriptors(set).rewritten().file.last)
    return try #require(file.messageType.first)
  }
}
