@testable import ClinicCommands
import ClinicContracts
import ProtobufRuntime
import Synchronization
import Testing

/// The clock of the clinic shows nine hours more than Greenwich; it is shortly after nine in the
/// morning of Thursday 1 January 1970.
@Suite("Commands about times")
struct ScheduleCommandTests {
  /// Seconds from Greenwich's beginning of 1970 to that of Tokyo.
  private static let midnight: Int64 = -32_400

  @Test(
    "take days for the clinic's: something due on a day is due by its end",
    arguments: [
      ("tomorrow", midnight + 2 * 86_400 - 60), ("1970-01-05", midnight + 5 * 86_400 - 60),
      ("fri 14:30", midnight + 86_400 + 14 * 3_600 + 1_800), ("+4h", 1_000 + 14_400),
      ("1970-01-05T00:00:00Z", 4 * 86_400)
    ] as [(String, Int64)])
  func due(_ typed: String, _ seconds: Int64) async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      let outcome = await bench.run("follow-up", "create", "--title", "Ring", "--due", typed)
      #expect(outcome.status == .success, "\(outcome.errors)")
      #expect(clinic.state.withLock { $0.followUps.first?.dueTime?.seconds } == seconds)
    }
  }

  @Test("refuse a due time that is none, and ask for nothing then")
  func refusal() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      let outcome = await bench.run("follow-up", "create", "--title", "Ring", "--due", "soon")
      #expect(outcome.status == .usage && outcome.errors.contains("tomorrow"))
      #expect(clinic.state.withLock { $0.followUps.isEmpty })
    }
  }

  @Test("show times on the clinic's clock")
  func shown() async throws {
    try await TestClinic.with { (clinic, bench) async throws in
      clinic.state.withLock {
        $0.followUps = [FollowUp(title: "Ring", dueTime: Timestamp(seconds: 86_400))]
      }
      let list = await bench.run("follow-up", "list")
      #expect(list.output.contains("Fri 1970-01-02 09:00"), "\(list.output) \(list.errors)")
      let json = await bench.run("follow-up", "list", "-o", "json")
      #expect(json.output.contains("1970-01-02T00:00:00Z"))
    }
  }

  @Test(
    "tell when and of whom the appointments are that a change concerns",
    arguments: [
      ["resource", "update", "Room 1", "--hours", "mon-fri 09:00-12:00"],
      ["resource", "retire", "Room 1", "--yes"],
      ["availability", "add", "leave", "--of", "Room 1", "--from", "tomorrow"]
    ])
  func affected(_ arguments: [String]) async throws {
    try await TestClinic.with { (_, bench) async throws in
      let outcome = await bench.run(arguments)
      #expect(outcome.status == (arguments[1] == "retire" ? .conflict : .success))
      #expect(
        outcome.errors.contains("Fri 1970-01-02 12:00  José 山田, Consultation"), "\(outcome)")
    }
  }
}
