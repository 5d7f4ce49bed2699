import Foundation
import TestSupport
import Testing

@Suite("The main job, with the programs that people run")
struct MainJobTests {
  private func reply(_ ending: Programs.Ending) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
    return try #require(object as? [String: Any], "\(ending.output)")
  }

  @Test("a clinic's day: find, change, and stay out of the other clinic's records")
  func day() async throws {
    let programs = try Programs()
    let server = try await programs.serve()
    try await programs.login(on: server)
    let created = try await programs.ctl(
      "demo", "-o", "json", "patient", "create", "--given", "José", "--family", "Rodríguez")
    try #require(created.status == 0, "\(created.output)")
    let patient = try reply(created)
    let record = patient["patient"] as? [String: Any] ?? patient
    let id = try #require(record["patientId"] as? String)
    let etag = try #require(record["etag"] as? String)
    let found = try await programs.ctl("demo", "patient", "search", "rodrigues jose")
    #expect(found.output.contains("Rodríguez"))
    let update = ["patient", "update", id, "--etag", etag, "--set", "gender=man"]
    let first = try await programs.run(["clinicctl", "--profile", "demo"] + update)
    #expect(first.status == 0, "\(first.output)")
    let stale = try await programs.run(["clinicctl", "--profile", "demo"] + update)
    #expect(stale.status == 7 && stale.output.contains("ABORTED"), "\(stale.output)")
    let foreign = try await programs.ctl("demo2", "patient", "get", id)
    #expect(foreign.status == 6 && foreign.output.contains("NOT_FOUND"), "\(foreign.output)")
    let companies = try await programs.ctl("platform", "company", "list")
    #expect(companies.output.contains("demo2"))
    #expect(try await server.end(SIGTERM) == 0)
  }

  @Test("kill -9 loses nothing that was answered, and a second server is refused")
  func kill() async throws {
    let programs = try Programs()
    let server = try await programs.serve()
    try await programs.login(on: server)
    let created = try await programs.ctl(
      "demo", "-o", "json", "patient", "create", "--family", "Survivor")
    #expect(created.status == 0, "\(created.output)")
    let second = try await programs.run(
      ["clinicd", "serve", "--data-dir", programs.data, "--listen", "127.0.0.1:0"])
    #expect(second.status == 75)
    #expect(second.output.contains("already working on the data folder"))
    #expect(try await server.end(SIGKILL) == -SIGKILL)
    let again = try await programs.serve()
    try await programs.login(on: again)
    let found = try await programs.ctl("demo", "patient", "search", "Survivor")
    #expect(found.output.contains("Survivor"))
    #expect(try await again.end(SIGTERM) == 0)
  }

  @Test(
    "takes in a real export, once",
    .enabled(if: SyntheaExport.file != nil, "the Synthea export is not beside this checkout"))
  func realExport() async throws {
    let file = try #require(SyntheaExport.file)
    let programs = try Programs()
    let server = try await programs.serve()
    try await programs.login(on: server)
    let imported = try await programs.ctl("demo", "patient", "import", file)
    #expect(imported.status == 0, "\(imported.output)")
    #expect(imported.output.contains("113"), "\(imported.output)")
    let again = try await programs.ctl("demo", "patient", "import", file, "--skip-existing")
    #expect(again.status == 0, "\(again.output)")
    let found = try await programs.ctl("demo", "patient", "search", "Longoria Jose Emilio")
    #expect(found.output.contains("Longoria249"), "\(found.output)")
    #expect(try await server.end(SIGTERM) == 0)
  }
}

/// The real export, where the checkout has one beside it.
enum SyntheaExport {
  static let file: String? = {
    let environment = ProcessInfo.processInfo.environment["CLINIC_SHARED"]
    let beside = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("shared").path
    let file = (environment ?? beside) + "/data/synthea/patients.csv"
    return FileManager.default.fileExists(atPath: file) ? file : nil
  }()
}
