package import SwiftProtobufPluginLibrary

/// What the caller of the compiler asks for, read from protoc's `--clinic_opt`.
///
/// - `Module=NAME`: the Swift module that the output is compiled into; required.
/// - `CModule=NAME`: the module of protoc-gen-c's structs; `C` and `Module` where it is left out.
/// - `Visibility=LEVEL`: `public` (default), `package` or `internal`.
/// - `Layout=flat` (default): one folder; the directories of the proto path, joined with `_`, come in
///   front where names would clash. `Layout=nested`: folders as in the proto path.
/// - `Registry=NAME`: the enum that lists the module's services; `none` for no enum; `Module` by
///   default.
/// - `Import=PREFIX:MODULE:CMODULE`: the modules of the imported files whose path starts with PREFIX;
///   repeatable, the longest prefix wins.
package struct GenerationOptions {
  /// Who may use the generated declarations.
  package enum Visibility: String, CaseIterable {
    case `public`
    case `package`
    case `internal`
  }

  /// Where the generated files go.
  package enum Layout: String, CaseIterable {
    /// All files in one folder.
    case flat
    /// Folders as in the proto path.
    case nested
  }

  /// The modules of the files under one path.
  struct ImportedModule {
    let prefix: String
    let module: String
    let cModule: String
  }

  /// The Swift module that the output is compiled into.
  package private(set) var module = ""

  /// The module of the C structs behind `module`.
  package private(set) var cModule = ""

  /// Who may use the generated declarations.
  package private(set) var visibility = Visibility.public

  /// Where the generated files go.
  package private(set) var layout = Layout.flat

  /// The name of the enum that lists the module's services, if it is wanted.
  package private(set) var registry: String?

  /// Where the types of imported files are.
  private var imports: [ImportedModule] = [
    ImportedModule(
      prefix: "google/protobuf/", module: "ProtobufRuntime", cModule: "CWellKnownTypes")
  ]

  /// The files being generated in this run: they are in `module`, whatever `imports` says.
  package var generatedFiles: Set<String> = []

  /// Reads protoc's parameter.
  /// - Throws: ``CompilerError`` that names the wrong parameter and what is allowed.
  package init(parsing pairs: [(key: String, value: String)]) throws(CompilerError) {
    var registry: String?
    for (key, value) in pairs {
      switch key {
      case "Module": module = value
      case "CModule": cModule = value
      case "Visibility": visibility = try Self.parse(value, of: key)
      case "Layout": layout = try Self.parse(value, of: key)
      case "Registry": registry = value
      case "Import": imports.append(try Self.parseImport(value))
      default:
        throw CompilerError(
          "unknown parameter \(key); known are Module, CModule, Visibility, Layout, Registry, "
            + "Import")
      }
    }
    guard module.isSwiftIdentifier else {
      throw CompilerError("Module must be a Swift identifier, not “\(module)”")
    }
    if cModule.isEmpty { cModule = "C" + module }
    guard cModule.isSwiftIdentifier else {
      throw CompilerError("CModule must be a Swift identifier, not “\(cModule)”")
    }
    self.registry = registry == "none" ? nil : registry ?? module
  }

  /// The module that holds the Swift types of a file.
  package func swiftModule(of file: FileDescriptor) -> String {
    importedModule(of: file)?.module ?? module
  }

  /// The module that holds the C structs of a file.
  package func cModule(of file: FileDescriptor) -> String {
    importedModule(of: file)?.cModule ?? cModule
  }

  private func importedModule(of file: FileDescriptor) -> ImportedModule? {
    if generatedFiles.contains(file.name) { return nil }
    return imports.filter { file.name.hasPrefix($0.prefix) }
      .max { $0.prefix.utf8.count < $1.prefix.utf8.count }
  }

  private static func parse<Value: RawRepresentable<String> & CaseIterable>(
    _ text: String, of key: String
  ) throws(CompilerError) -> Value {
    guard let value = Value(rawValue: text) else {
      let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw CompilerError("\(key) must be one of \(allowed), not “\(text)”")
    }
    return value
  }

  private static func parseImport(_ text: String) throws(CompilerError) -> ImportedModule {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, parts[1].isSwiftIdentifier, parts[2].isSwiftIdentifier else {
      throw CompilerError("Import must be PREFIX:MODULE:CMODULE, not “\(text)”")
    }
    return ImportedModule(prefix: parts[0], module: parts[1], cModule: parts[2])
  }
}

extension String {
  /// Whether this is a plain ASCII identifier.
  package var isSwiftIdentifier: Bool {
    guard let first = unicodeScalars.first else { return false }
    return (first.isASCIILetter || first == "_")
      && unicodeScalars.allSatisfy { $0.isASCIILetter || $0 == "_" || ("0"..."9").contains($0) }
  }
}

extension Unicode.Scalar {
  /// Whether this is one of A to Z and a to z.
  var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
