import Foundation
import Testing

/// Scripts/generate on a copy of the repository's contracts, changed as each test says.
@Suite("Scripts/generate", .serialized)
struct GenerateScriptTests {
  @Test("--check finds nothing in the committed sources")
  func clean() throws {
    let result = try check { _ in }
    #expect(result.status == 0, "\(result.output)")
    #expect(
      result.output.split(separator: "\n").map { $0.prefix(7) }
        == Array(repeating: "OK     ", count: 6))
  }

  @Test(
    "--check says what is wrong with a contract, and where",
    arguments: [
      (
        "int32 hours = 1 ", "int32 Hours = 1 ",
        #"Proto/clinic/v1/common.proto:LINE:9:Field name "Hours" should be lower_snake_case"#
      ),
      (
        "// The hour, 0 to 24; 24 only as 24:00, the end of a day.\n", "\n",
        #"Proto/clinic/v1/common.proto:LINE:3:Field "hours" should have a non-empty comment"#
      ),
      (
        "int32 hours = 1 ", "int32 hours 1 ",
        "Proto/clinic/v1/common.proto:LINE:15:unexpected integer literal in definition"
      ),
      (
        "sensitivity: SENSITIVITY_PUBLIC, minimum: 0, maximum: 24", "minimum: 0, maximum: 24",
        "Proto/clinic/v1/common.proto:LINE:3: field hours needs a sensitivity"
      ),
      (
        "int32 hours = 1 ", "string hours = 1 ",
        #"Proto/clinic/v1/common.proto:LINE:3:Field "1" with name "hours" on message "LocalTime" changed type"#
      ),
      (
        "minimum: 0, maximum: 24", "minimum: 0, maximum: 23",
        "Sources/ClinicContracts/common.validation.swift:"
      )
    ])
  func contracts(old: String, new: String, finding: String) throws {
    let contract = "Proto/clinic/v1/common.proto"
    let text = try String(contentsOf: Repository.root.appending(path: contract), encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains("int32 hours = 1 ") }) + 1
    let result = try check { root in
      try replace(old, with: new, in: root.appending(path: contract))
    }
    #expect(result.status == 1)
    let place = finding.replacingOccurrences(of: ":LINE:", with: ":\(line):")
    #expect(result.output.contains(place), "\(result.output)")
  }

  @Test("--check finds generated files that were edited, are missing or are left over")
  func generated() throws {
    let result = try check { root in
      try replace(
        "0", with: "1", in: root.appending(path: "Sources/ClinicContracts/common.pb.swift"))
      try FileManager.default.removeItem(
        at: root.appending(path: "Sources/ClinicContracts/role.service.swift"))
      try Data("// left over\n".utf8).write(
        to: root.appending(path: "Sources/ClinicContracts/old.pb.swift"))
    }
    #expect(result.status == 1)
    for file in ["common.pb.swift", "role.service.swift", "old.pb.swift"] {
      #expect(result.output.contains("Sources/ClinicContracts/\(file):"), "\(result.output)")
    }
  }

  @Test("writes what --check then agrees with, and refuses to break clients unless told to")
  func write() throws {
    try withRepository { root in
      // What was released cannot break at all: a field that is newer than any release can.
      let contract = root.appending(path: "Proto/clinic/v1/common.proto")
      let field = """
          // A field that was never released.
          int32 beats = 900 [(clinic.options.v1.field) = {sensitivity: SENSITIVITY_PUBLIC}];

        """
      let message = "message LocalTime {\n"
      try replace(message, with: message + field, in: contract)
      #expect(try generate([], in: root).status == 0)
      try replace("int32 beats = 900 ", with: "int64 beats = 900 ", in: contract)
      let refused = try generate([], in: root)
      #expect(refused.status == 1)
      #expect(refused.output.contains("--accept-breaking"), "\(refused.output)")
      #expect(try generate(["--accept-breaking"], in: root).status == 0)
      #expect(try generate(["--check"], in: root).status == 0)
    }
  }

  @Test("compiles contracts from outside into a C and a Swift target")
  func outside() throws {
    try withTemporaryFolder { folder in
      let input = folder.appending(path: "in/acme/v1")
      let shared = folder.appending(path: "shared/acme/common")
      for folder in [input, shared] {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      }
      try Data(
        """
        syntax = "proto3";
        package acme.v1;
        import "acme/common/money.proto";
        message Order { acme.common.Money total = 1; Order next = 2; string class = 3; }
        service OrderService { rpc GetOrder(Order) returns (Order); }
        """.utf8
      ).write(to: input.appending(path: "order.proto"))
      try Data(
        "syntax = \"proto3\"; package acme.common; message Money { int64 units = 1; }".utf8
      ).write(to: shared.appending(path: "money.proto"))
      let output = folder.appending(path: "out")
      let arguments = [
        "--input", folder.appending(path: "in").path, "--output", output.path, "--module", "Orders",
        "--proto-path", folder.appending(path: "shared").path
      ]
      let result = try generate(arguments, in: Repository.root)
      #expect(result.status == 0, "\(result.output)")
      let files = try FileManager.default.subpathsOfDirectory(atPath: output.path)
        .filter { $0.contains(".") }.sorted()
      #expect(
        files == [
          "Package.swift",
          "Sources/COrders/acme/common/money.pb-c.c", "Sources/COrders/acme/v1/order.pb-c.c",
          "Sources/COrders/include/COrders.h",
          "Sources/COrders/include/acme/common/money.pb-c.h",
          "Sources/COrders/include/acme/v1/order.pb-c.h",
          "Sources/COrders/include/module.modulemap",
          "Sources/Orders/Orders.registry.swift", "Sources/Orders/money.pb.swift",
          "Sources/Orders/order.pb.swift", "Sources/Orders/order.service.swift"
        ])
    }
  }

  @Test(
    "refuses wrong arguments",
    arguments: [
      (["--nothing"], "unknown argument --nothing"), (["--input"], "--input needs a value"),
      (["--input", "/nowhere"], "--input, --output and --module go together"),
      (["--input", "/nowhere", "--output", "/tmp/x", "--module", "M"], "/nowhere is not a folder"),
      (
        ["--input", "/tmp", "--output", "/tmp/x", "--module", "a b"],
        "“a b” is not a Swift identifier"
      )
    ])
  func arguments(arguments: [String], message: String) throws {
    let result = try generate(arguments, in: Repository.root)
    #expect(result.status == 1)
    #expect(result.output.contains(message), "\(result.output)")
  }

  @Test("lets nothing break a released contract, whatever is accepted")
  func released() throws {
    try withRepository { root in
      #expect(try generate(["--release", "9.0.0"], in: root).status == 0)
      let again = try generate(["--release", "9.0.0"], in: root)
      #expect(again.status == 1)
      #expect(again.output.contains("9.0.0 was released"), "\(again.output)")
      #expect(try generate(["--check"], in: root).status == 0)
      let contract = root.appending(path: "Proto/clinic/v1/patient.proto")
      // The same on the wire; in JSON it was a number, and becomes a text.
      try replace("int32 page_size = 1 ", with: "int64 page_size = 1 ", in: contract)
      let broken = try generate(["--accept-breaking"], in: root)
      #expect(broken.status == 1)
      #expect(broken.output.contains("page_size"), "\(broken.output)")
      #expect(broken.output.contains("released contract 9.0.0"), "\(broken.output)")
    }
  }

  @Test("finds a released contract that was edited")
  func editedRelease() throws {
    try withRepository { root in
      #expect(try generate(["--release", "9.0.0"], in: root).status == 0)
      let file = root.appending(path: "Proto/released/9.0.0.binpb")
      try FileManager.default.removeItem(at: file)
      try Data([0x0A, 0]).write(to: file)
      let result = try generate(["--check"], in: root)
      #expect(result.status == 1)
      #expect(result.output.contains("9.0.0.binpb: FAILED"), "\(result.output)")
    }
  }

  // MARK: A copy of the repository

  private func check(_ change: (URL) throws -> Void) throws -> (status: Int32, output: String) {
    try withRepository { root in
      try change(root)
      return try generate(["--check"], in: root)
    }
  }

  private func withRepository<Result>(_ body: (URL) throws -> Result) throws -> Result {
    try withTemporaryFolder { root in
      let manager = FileManager.default
      let folders = [
        "Scripts", "Proto", "Sources/CWellKnownTypes", "Sources/CRPCContracts",
        "Sources/CClinicContracts", "Sources/ClinicContracts", "Sources/RPCCore/Generated",
        "Sources/CStandardContracts", "Sources/StandardServices/Generated",
        "Sources/ProtobufRuntime/WellKnownTypes/Generated", "Tests/Fixtures",
        "Tests/CFixtureContracts", "Tests/FixtureContracts"
      ]
      for folder in folders {
        let source = Repository.root.appending(path: folder)
        let target = root.appending(path: folder)
        try manager.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        if folder == "Scripts" {
          try manager.createDirectory(at: target, withIntermediateDirectories: true)
          try manager.copyItem(
            at: source.appending(path: "generate"), to: target.appending(path: "generate"))
        } else {
          try manager.copyItem(at: source, to: target)
        }
      }
      return try body(root)
    }
  }

  private func generate(
    _ arguments: [String], in root: URL
  ) throws -> (status: Int32, output: String) {
    let compiler = try #require(builtCompiler)
    let text = try Protoc.run(
      "bash",
      [
        "-c",
        #"CLINIC_CONTRACT_COMPILER=$1 CLINIC_GENERATE_CACHE=$2; shift 2; "#
          + #"export CLINIC_CONTRACT_COMPILER CLINIC_GENERATE_CACHE; "$@" 2>&1; echo "status $?""#,
        "bash", compiler.path, Repository.root.appending(path: ".build-generate").path,
        root.appending(path: "Scripts/generate").path
      ] + arguments)
    var lines = String(decoding: text, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty == true { lines.removeLast() }
    let status = try #require(lines.popLast().flatMap { Int32($0.dropFirst("status ".count)) })
    return (status, lines.joined(separator: "\n"))
  }

  /// The executable that was built beside the tests.
  private var builtCompiler: URL? {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    for _ in 0..<4 {
      let compiler = folder.appending(path: "protoc-gen-clinic")
      if FileManager.default.isExecutableFile(atPath: compiler.path),
        (try? compiler.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory != true
      {
        return compiler
      }
      folder.deleteLastPathComponent()
    }
    return nil
  }

  private func replace(_ old: String, with new: String, in file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    let range = try #require(text.range(of: old))
    try Data(text.replacingCharacters(in: range, with: new).utf8).write(to: file)
  }
}
