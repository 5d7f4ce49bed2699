import Foundation
import Testing

@Suite("A clinic's day, from the terminal")
struct SchedulingJobTests {
  private func json(_ ending: Programs.Ending) throws -> [String: Any] {
    try #require(ending.status == 0, "\(ending.output)")
    let object = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
    return try #require(object as? [String: Any], "\(ending.output)")
  }

  private func appointment(_ ending: Programs.Ending) throws -> [String: Any] {
    try #require(try json(ending)["appointment"] as? [String: Any], "\(ending.output)")
  }

  @Test("a receptionist's morning: find a time, book it, see the patient through, look at the day")
  func morning() async throws {
    let programs = try Programs()
    let server = try await programs.serve()
    try await programs.login(on: server)
    func ctl(_ arguments: String...) async throws -> Programs.Ending {
      try await programs.run(["clinicctl", "--profile", "demo", "-o", "json"] + arguments)
    }
    for family in ["Montgomery", "Fitzwilliam"] {
      let made = try await ctl("patient", "create", "--given", "Beatrix", "--family", family)
      #expect(made.status == 0, "\(made.output)")
    }
    let found = try json(
      try await ctl(
        "slot", "find", "--type", "Nurse appointment", "--from", "+7", "--with", "Elin",
        "--limit", "1"))
    let slot = try #require((found["slots"] as? [[String: Any]])?.first)
    let start = try #require(slot["startTime"] as? String)
    let book = [
      "appointment", "book", "--type", "Nurse appointment", "--at", start, "--with", "Elin"
    ]
    let first = try appointment(
      try await programs.run(
        ["clinicctl", "--profile", "demo", "-o", "json"] + book
          + ["--patient", "Beatrix Montgomery"]))
    let id = try #require(first["appointmentId"] as? String)
    // The next caller cannot have it, and is told what is free.
    let refused = try await programs.run(
      ["clinicctl", "--profile", "demo"] + book + ["--patient", "Beatrix Fitzwilliam"])
    #expect(refused.status == 7 && refused.output.contains("SLOT_TAKEN"), "\(refused.output)")
    #expect(refused.output.contains("free:  "), "\(refused.output)")
    #expect(!refused.output.contains("Montgomery"))
    let confirmed = try appointment(try await ctl("appointment", "confirm", id))
    #expect(confirmed["status"] as? String == "APPOINTMENT_STATUS_CONFIRMED")
    let early = try await programs.ctl("demo", "appointment", "check-in", id)
    #expect(early.status == 7 && early.output.contains("TOO_EARLY"), "\(early.output)")
    let day = try await programs.ctl("demo", "calendar", "day", "+7", "--of", "Elin Hughes")
    #expect(day.output.contains("Beatrix Montgomery"), "\(day.output)")
    try await seeThrough(programs)
    let foreign = try await programs.ctl("demo2", "appointment", "get", id)
    #expect(foreign.status == 6, "\(foreign.output)")
    #expect(try await server.end(SIGTERM) == 0)
  }

  /// Somebody who comes in now, whatever the hour: squeezed in, and seen through.
  private func seeThrough(_ programs: Programs) async throws {
    func ctl(_ arguments: String...) async throws -> Programs.Ending {
      try await programs.run(["clinicctl", "--profile", "demo", "-o", "json"] + arguments)
    }
    let soon = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 / 60).rounded() * 60 + 300)
    let id = try #require(
      try appointment(
        try await ctl(
          "appointment", "book", "--type", "Nurse appointment", "--at", soon.formatted(.iso8601),
          "--with", "Elin", "--patient", "Beatrix Fitzwilliam", "--overbook", "Came in with pain")
      )["appointmentId"] as? String)
    for (verb, status) in [
      ("confirm", "CONFIRMED"), ("check-in", "CHECKED_IN"), ("start", "IN_CONSULTATION"),
      ("complete", "COMPLETED")
    ] {
      let changed = try appointment(try await ctl("appointment", verb, id))
      #expect(changed["status"] as? String == "APPOINTMENT_STATUS_\(status)")
    }
    let late = try await programs.ctl("demo", "appointment", "confirm", id)
    #expect(late.status == 7 && late.output.contains("TRANSITION_REFUSED"), "\(late.output)")
  }

  @Test("a manager's Friday: a new room and kind of appointment, leave, a closure, the month")
  func friday() async throws {
    let programs = try Programs()
    let server = try await programs.serve()
    try await programs.login(on: server)
    func ctl(_ arguments: String...) async throws -> Programs.Ending {
      let ending = try await programs.run(["clinicctl", "--profile", "demo"] + arguments)
      #expect(ending.status == 0, "\(ending.output)")
      return ending
    }
    _ = try await ctl("resource", "create", "room", "--name", "Minor surgery")
    _ = try await ctl(
      "resource", "update", "Minor surgery", "--hours", "mon-fri 08:00-12:00", "--capacity", "2")
    _ = try await ctl(
      "appointment-type", "create", "--name", "Mole check", "--minutes", "20", "--after", "10",
      "--needs", "Dr Grace Okafor,Dr Noor Haddad", "--needs", "Minor surgery")
    let types = try await ctl("appointment-type", "list")
    #expect(types.output.contains("Mole check") && types.output.contains("practitioner (one of 2)"))
    let leave = try await ctl(
      "availability", "add", "leave", "--of", "Okafor", "--from", "+1", "--until", "+30",
      "--reason", "Sabbatical")
    #expect(leave.output.contains("appointments fall into it"), "\(leave.output)")
    _ = try await ctl("availability", "add", "closure", "--from", "+2", "--reason", "Training")
    let free = try await ctl("slot", "find", "--type", "Mole check", "--from", "+1")
    #expect(!free.output.contains("Okafor"), "\(free.output)")
    let month = try await ctl("calendar", "month", "+7")
    #expect(month.output.contains("of the hours booked"), "\(month.output)")
    let week = try await ctl("calendar", "week", "--of", "Haddad", "--color", "always")
    #expect(week.output.contains("Week of Monday"), "\(week.output)")
    #expect(try await server.end(SIGTERM) == 0)
  }
}
