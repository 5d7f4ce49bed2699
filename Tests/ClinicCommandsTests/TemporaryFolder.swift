import ClinicCommands
import Glibc

/// A folder that is gone after the test.
enum TemporaryFolder {
  static func with<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = try make()
    defer { remove(path) }
    return try body(path)
  }

  static func with<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Result
  ) async throws -> Result {
    let path = try make()
    defer { remove(path) }
    return try await body(path)
  }

  static func changeMode(_ path: String, _ mode: UInt32) {
    _ = chmod(path, mode)
  }

  private struct NoFolder: Error {}

  private static func make() throws -> String {
    let template =
      (getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/clinicctl-test-XXXXXX"
    var bytes = Array(template.utf8CString)
    guard mkdtemp(&bytes) != nil else { throw NoFolder() }
    return String(decoding: bytes.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func remove(_ path: String) {
    for name in PrivateFiles.names(in: path) { remove(path + "/" + name) }
    _ = Glibc.remove(path)
  }
}
