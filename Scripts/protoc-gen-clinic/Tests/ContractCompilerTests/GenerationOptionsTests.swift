import ContractCompiler
import SwiftProtobuf
import Testing

@Suite("Plugin parameters")
struct GenerationOptionsTests {
  @Test("have defaults for all but the module")
  func defaults() throws {
    let options = try GenerationOptions(parsing: [("Module", "Orders")])
    #expect(options.module == "Orders")
    #expect(options.cModule == "COrders")
    #expect(options.visibility == .public)
    #expect(options.layout == .flat)
    #expect(options.registry == "Orders")
  }

  @Test(
    "are refused with what is allowed",
    arguments: [
      ([("Module", "two words")], "Module must be a Swift identifier, not “two words”"),
      ([], "Module must be a Swift identifier, not “”"),
      (
        [("Module", "M"), ("Visibility", "open")],
        "Visibility must be one of public, package, internal, not “open”"
      ),
      ([("Module", "M"), ("Layout", "deep")], "Layout must be one of flat, nested, not “deep”"),
      (
        [("Module", "M"), ("Import", "a/:B")], "Import must be PREFIX:MODULE:CMODULE, not “a/:B”"
      ),
      (
        [("Module", "M"), ("Modul", "N")],
        "unknown parameter Modul; known are Module, CModule, Visibility, Layout, Registry, Import"
      )
    ] as [([(String, String)], String)])
  func refusals(pairs: [(String, String)], message: String) throws {
    let error = try #require(throws: CompilerError.self) {
      try GenerationOptions(parsing: pairs.map { (key: $0.0, value: $0.1) })
    }
    #expect(error.description == message)
  }

  @Test("choose the visibility, the layout and the registry of the output")
  func output() throws {
    let files = ["fixture/v1/echo.proto", "fixture/v1/rules.proto", "fixture/v1/scalars.proto"]
    let set = try Protoc.describe(files, in: [Repository.fixtures, Repository.proto])
    let output = try Protoc.compile(
      set, files: files, parameter: "Module=M,Visibility=package,Layout=nested,Registry=none")
    #expect(
      output.keys.sorted() == [
        "fixture/v1/echo.pb.swift", "fixture/v1/echo.service.swift",
        "fixture/v1/echo.validation.swift", "fixture/v1/rules.pb.swift",
        "fixture/v1/rules.validation.swift", "fixture/v1/scalars.pb.swift"
      ])
    for (name, text) in output { #expect(!text.contains("public "), "\(name)") }
    #expect(output["fixture/v1/echo.service.swift"]?.contains("package enum EchoService") == true)
  }

  @Test("keep files of one name apart in a flat folder")
  func clashes() throws {
    let set = try Protoc.describe(
      ["fixture/v1/scalars.proto"], in: [Repository.fixtures, Repository.proto])
    var other = set
    other.file[0].name = "other/v1/scalars.proto"
    other.file[0].package = "other.v1"
    other.file[0].messageType = []
    other.file.append(set.file[0])
    let output = try Protoc.compile(
      other, files: ["fixture/v1/scalars.proto", "other/v1/scalars.proto"],
      parameter: "Module=M,Registry=none")
    #expect(
      output.keys.sorted() == ["fixture_v1_scalars.pb.swift", "other_v1_scalars.pb.swift"])
  }

  @Test("refuse a proto2 file at its place")
  func proto2() throws {
    let set = try Protoc.describe("syntax = \"proto2\";\nmessage M {}")
    let error = try #require(throws: Protoc.Failure.self) {
      try Protoc.compile(set, files: ["test/v1/test.proto"], parameter: "Module=M")
    }
    #expect(error.description.contains("test/v1/test.proto:1:1: only proto3 files can be compiled"))
  }
}
