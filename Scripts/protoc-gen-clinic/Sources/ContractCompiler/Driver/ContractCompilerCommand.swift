import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The command line of `protoc-gen-clinic`: a protoc plugin without arguments, and a few steps of
/// `Scripts/generate` with them.
package enum ContractCompilerCommand {
  private static let usage = """
    usage: protoc-gen-clinic                        (started by protoc) compiles contracts to Swift
           protoc-gen-clinic c-descriptors IN OUT   rewrites a descriptor set for protoc-gen-c
           protoc-gen-clinic lint IN --root DIR FILE…   checks the clinic's rules on the named files
             of a descriptor set with imports and source info; findings as file:line:column
           protoc-gen-clinic compare OLD IN --root DIR   checks that the options of IN let the
             clients of OLD, a descriptor set of before, do what they do
           protoc-gen-clinic files IN PREFIX…       lists the files of a descriptor set, without
             those whose path starts with a PREFIX

    """

  /// Runs the command.
  /// - Parameter arguments: The arguments without the program's name.
  /// - Returns: The exit code: 0, 1 where something is found or fails, 64 on wrong arguments.
  package static func run(_ arguments: [String]) -> Int32 {
    do {
      switch arguments.first {
      case nil:
        ClinicCodeGenerator().main([])
        return 0
      case "c-descriptors" where arguments.count == 3:
        let set = try readDescriptors(arguments[1])
        try CDescriptors(set).rewritten().serializedData()
          .write(to: URL(fileURLWithPath: arguments[2]))
        return 0
      case "lint" where arguments.count >= 4 && arguments[2] == "--root":
        return try lint(arguments[1], root: arguments[3], files: Array(arguments.dropFirst(4)))
      case "compare" where arguments.count == 5 && arguments[3] == "--root":
        return try compare(arguments[1], arguments[2], root: arguments[4])
      case "files" where arguments.count >= 2:
        let except = arguments.dropFirst(2)
        for file in try readDescriptors(arguments[1]).file
        where !except.contains(where: file.name.hasPrefix) {
          print(file.name)
        }
        return 0
      case "--help", "-h":
        print(usage)
        return 0
      default:
        FileHandle.standardError.write(Data(usage.utf8))
        return 64
      }
    } catch {
      FileHandle.standardError.write(Data("protoc-gen-clinic: \(error)\n".utf8))
      return 1
    }
  }

  static func readDescriptors(_ path: String) throws -> Google_Protobuf_FileDescriptorSet {
    try Google_Protobuf_FileDescriptorSet(
      serializedBytes: Data(contentsOf: URL(fileURLWithPath: path)),
      extensions: ContractOptions.extensionMap)
  }
}
