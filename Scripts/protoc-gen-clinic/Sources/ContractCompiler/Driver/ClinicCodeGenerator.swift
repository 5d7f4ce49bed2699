package import SwiftProtobuf
package import SwiftProtobufPluginLibrary

/// The protoc plugin: contracts in, Swift sources out.
package struct ClinicCodeGenerator: CodeGenerator {
  package init() {}

  package var customOptionExtensions: [any AnyMessageExtension] {
    ContractOptions.extensions
  }

  package var supportedFeatures: [Google_Protobuf_Compiler_CodeGeneratorResponse.Feature] {
    [.proto3Optional]
  }

  package func generate(
    files: [FileDescriptor],
    parameter: any CodeGeneratorParameter,
    protoCompilerContext: any ProtoCompilerContext,
    generatorOutputs: any GeneratorOutputs
  ) throws {
    var options = try GenerationOptions(parsing: parameter.parsedPairs)
    options.generatedFiles = Set(files.map(\.name))
    for file in files {
      guard file.edition == .proto3 else {
        throw CompilerError("\(file.name):1:1: only proto3 files can be compiled")
      }
      for output in try outputs(for: file, options: options) {
        try generatorOutputs.add(fileName: output.name, contents: output.contents)
      }
    }
    if let registry = RegistryGenerator(files: files, options: options)?.render() {
      try generatorOutputs.add(
        fileName: "\(options.module).registry.swift", contents: registry)
    }
  }

  private func outputs(
    for file: FileDescriptor, options: GenerationOptions
  ) throws -> [(name: String, contents: String)] {
    var outputs: [(name: String, contents: String)] = []
    func add(_ aspect: String, _ contents: String) {
      let name = GeneratedFile.name(for: file, aspect: aspect, options: options)
      outputs.append((name, contents))
    }
    if !file.messages.isEmpty || !file.enums.isEmpty {
      add("pb", try MessagesGenerator(file: file, options: options).render())
    }
    if let validators = try ValidatorsGenerator(file: file, options: options).render() {
      add("validation", validators)
    }
    if !file.services.isEmpty {
      add("service", ServicesGenerator(file: file, options: options).render())
    }
    return outputs
  }
}
