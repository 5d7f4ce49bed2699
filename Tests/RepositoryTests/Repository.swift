import Foundation

/// The files of this repository.
enum Repository {
  /// The repository's folder.
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Everything in Swift that is written by hand.
  static let handWritten = swiftFiles(
    in: "Sources", "Tests", "Scripts/protoc-gen-clinic/Sources", "Scripts/protoc-gen-clinic/Tests"
  ).filter { !$0.isGenerated }

  /// What is built into the product or its tools, written by hand.
  static let handWrittenSources = handWritten.filter {
    $0.path.hasPrefix("Sources/") || $0.path.hasPrefix("Scripts/protoc-gen-clinic/Sources/")
  }

  /// The Swift files of the targets under `Sources`, the generated ones too.
  static let sources = swiftFiles(in: "Sources")

  /// The text of a file.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The names in a folder, in order.
  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path).sorted()
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  /// The Swift files under folders, in order; a folder that is not there has none.
  private static func swiftFiles(in folders: String...) -> [SourceFile] {
    folders.flatMap { folder in
      let names =
        FileManager.default.enumerator(atPath: root.appending(path: folder).path)?
        .compactMap { $0 as? String } ?? []
      return names.filter { $0.hasSuffix(".swift") && !$0.contains(".build") }.sorted()
        .compactMap { name in
          let path = "\(folder)/\(name)"
          return (try? text(path)).map { SourceFile(path: path, text: $0) }
        }
    }
  }
}
