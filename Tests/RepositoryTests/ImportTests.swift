import Testing

@Suite("Direction of imports")
struct ImportTests {
  /// Which of our modules each target may import. One that is not here imports none.
  static let allowed: [String: Set<String>] = [
    "ProtobufRuntime": ["CProtobufC", "CWellKnownTypes"],
    "RPCCore": ["ProtobufRuntime", "CRPCContracts", "CWellKnownTypes"],
    "RPCTransport": ["RPCCore", "ProtobufRuntime", "COpenSSL", "CZlib"],
    "StandardServices": [
      "CStandardContracts", "CWellKnownTypes", "ProtobufRuntime", "RPCCore"
    ],
    "ClinicContracts": ["CClinicContracts", "CWellKnownTypes", "ProtobufRuntime", "RPCCore"],
    "PostgresClient": ["CLibPQ"],
    "ClinicServer": [
      "ClinicContracts", "RPCTransport", "RPCCore", "ProtobufRuntime", "PostgresClient", "CSodium",
      "StandardServices"
    ],
    "ClinicClient": ["ClinicContracts", "RPCTransport", "RPCCore", "ProtobufRuntime"],
    "ClinicCommands": ["ClinicClient", "ClinicContracts", "RPCCore", "ProtobufRuntime"],
    "clinicd": ["ClinicServer", "RPCCore"],
    "clinicctl": ["ClinicCommands"],
    "clinic-bench": [
      "ClinicClient", "ClinicContracts", "RPCTransport", "RPCCore", "ProtobufRuntime",
      "PostgresClient"
    ]
  ]

  /// Outside modules that a target must not know, by their names' beginnings.
  static let forbidden: [String: [String]] = [
    "ProtobufRuntime": ["NIO", "Foundation"],
    "RPCCore": ["NIO"],
    "PostgresClient": ["NIO"],
    "ClinicContracts": ["NIO", "Foundation"]
  ]

  private static let ourModules = Set(
    (try? Repository.names(in: "Sources"))?.filter { !$0.hasPrefix(".") } ?? [])

  @Test("a target imports only what lies below it")
  func ours() {
    for file in Repository.sources {
      let allowed = Self.allowed[file.target] ?? []
      let wrong = file.imports.filter {
        Self.ourModules.contains($0.module) && !allowed.contains($0.module)
      }
      #expect(wrong.map { "\(file.path):\($0.line): \($0.module)" } == [])
    }
  }

  @Test(
    "each C library enters through one target",
    arguments: [
      ("CProtobufC", "ProtobufRuntime"), ("CLibPQ", "PostgresClient"),
      ("COpenSSL", "RPCTransport"), ("CSodium", "ClinicServer"), ("CZlib", "RPCTransport")
    ])
  func systemLibraries(library: String, owner: String) {
    let importers = Set(
      Repository.sources
        .filter { file in !file.isGenerated && file.imports.contains { $0.module == library } }
        .map(\.target))
    #expect(importers.isSubset(of: [owner]))
  }

  @Test("the core knows neither sockets nor Foundation where it must not")
  func outside() {
    for file in Repository.sources {
      let prefixes = Self.forbidden[file.target] ?? []
      let wrong = file.imports.filter { entry in
        prefixes.contains { entry.module.hasPrefix($0) }
      }
      #expect(wrong.map { "\(file.path):\($0.line): \($0.module)" } == [])
    }
  }

  @Test("every target has its line in this table")
  func table() {
    let swiftTargets = Set(Repository.sources.map(\.target))
    #expect(swiftTargets.subtracting(Self.allowed.keys) == [])
  }
}
