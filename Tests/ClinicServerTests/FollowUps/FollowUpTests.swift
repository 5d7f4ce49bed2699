import ClinicClient
import ClinicContracts
import Foundation
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Follow-ups")
struct FollowUpTests {
  private func create(
    _ clinic: TestClinic, _ change: (inout FollowUp) -> Void = { _ in }
  ) async throws -> FollowUp {
    var followUp = FollowUp(title: "Ring about the blood test")
    change(&followUp)
    let reply = try await clinic.admin.followUps.create(CreateFollowUpRequest(followUp: followUp))
    return try requireValue(reply.followUp)
  }

  private static func inFuture(_ seconds: Int64) -> Timestamp {
    Timestamp(seconds: Int64(Date().timeIntervalSince1970) + seconds)
  }

  /// The rows of the table in the contract's comment: from, method, to.
  static let contract: [[String]] = {
    let cells = FollowUpState.descriptor.documentation.split(separator: "|").dropFirst()
      .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
      .filter { !$0.isEmpty && !$0.hasPrefix("-") }
    // The first three are the headings.
    return stride(from: 3, to: cells.count, by: 3).map {
      Array(cells[$0..<min($0 + 3, cells.count)])
    }
  }()

  /// The states that a caller can bring a follow-up into, and how.
  private func followUp(in state: FollowUpState, _ clinic: TestClinic) async throws -> FollowUp {
    let followUp = try await create(clinic)
    let id = followUp.followUpID
    let service = clinic.admin.followUps
    switch state {
    case .inProgress:
      return try requireValue(
        try await service.start(StartFollowUpRequest(followUpID: id)).followUp)
    case .snoozed:
      return try requireValue(
        try await service.snooze(
          SnoozeFollowUpRequest(followUpID: id, untilTime: Self.inFuture(3_600))
        ).followUp)
    case .completed:
      return try requireValue(
        try await service.complete(
          CompleteFollowUpRequest(followUpID: id, outcome: .done)
        ).followUp)
    case .cancelled:
      return try requireValue(
        try await service.cancel(CancelFollowUpRequest(followUpID: id, reason: "Moved")).followUp)
    default:
      return followUp
    }
  }

  @Test("move between states as the contract's table says, and in no other way")
  func transitions() async throws {
    #expect(Self.contract.count == 14)
    let clinic = try await TestClinic.make()
    let service = clinic.admin.followUps
    let until = Self.inFuture(7_200)
    let methods: [(String, (String) async throws -> FollowUp?)] = [
      ("StartFollowUp", { try await service.start(StartFollowUpRequest(followUpID: $0)).followUp }),
      (
        "SnoozeFollowUp",
        {
          try await service.snooze(
            SnoozeFollowUpRequest(followUpID: $0, untilTime: until)
          ).followUp
        }
      ),
      (
        "CompleteFollowUp",
        {
          try await service.complete(
            CompleteFollowUpRequest(followUpID: $0, outcome: .notReached)
          ).followUp
        }
      ),
      (
        "CancelFollowUp",
        {
          try await service.cancel(CancelFollowUpRequest(followUpID: $0, reason: "Gone")).followUp
        }
      ),
      (
        "ReopenFollowUp",
        {
          try await service.reopen(ReopenFollowUpRequest(followUpID: $0, reason: "Again")).followUp
        }
      )
    ]
    for state in FollowUpState.allCases where state != .unspecified {
      let name = String((state.protoName ?? "").dropFirst("FOLLOW_UP_STATE_".count))
      let rows = Self.contract.filter { $0[0] == name }
      for (method, call) in methods {
        let before = try await followUp(in: state, clinic)
        #expect(before.state == state)
        var after: FollowUp?
        let error = await failure { after = try await call(before.followUpID) }
        if let row = rows.first(where: { $0[1] == method }) {
          #expect(error == nil, "\(name) \(method): \(String(describing: error))")
          #expect(after?.state.protoName == "FOLLOW_UP_STATE_\(row[2])")
        } else {
          #expect(error?.code == .failedPrecondition, "\(name) \(method)")
          let allowed = rows.map { $0[1] }.filter { $0.hasSuffix("FollowUp") }
          #expect(error?.facts["allowed"] == allowed.joined(separator: ","), "\(name) \(method)")
        }
      }
    }
  }

  @Test("that are opened again have no outcome")
  func reopening() async throws {
    let clinic = try await TestClinic.make()
    let id = try await create(clinic).followUpID
    let service = clinic.admin.followUps
    let done = try await service.complete(
      CompleteFollowUpRequest(followUpID: id, outcome: .notReached, outcomeText: "No answer"))
    #expect(done.followUp?.outcome == .notReached && done.followUp?.outcomeText == "No answer")
    let again = try await service.reopen(ReopenFollowUpRequest(followUpID: id, reason: "Rang back"))
    #expect(again.followUp?.outcome == .unspecified && again.followUp?.outcomeText == "")
    let stored = try await service.get(GetFollowUpRequest(followUpID: id))
    #expect(stored.followUp == again.followUp)
  }

  @Test(
    "take their times from their priority",
    arguments: [
      (FollowUpPriority.unspecified, 86_400, 604_800), (.low, 259_200, 2_592_000),
      (.normal, 86_400, 604_800), (.high, 14_400, 86_400), (.urgent, 1_800, 14_400)
    ])
  func times(priority: FollowUpPriority, response: Int64, completion: Int64) async throws {
    let clinic = try await TestClinic.make()
    let followUp = try await create(clinic) { $0.priority = priority }
    let created = try #require(followUp.createTime?.seconds)
    #expect(followUp.respondByTime?.seconds == created + response)
    #expect(followUp.dueTime?.seconds == created + completion)
    let short = try await create(clinic) {
      $0.priority = priority
      $0.dueTime = Self.inFuture(60)
    }
    #expect(short.respondByTime == short.dueTime)
  }

  @Test("say what is wrong with them by field and reason")
  func refusals() async throws {
    let clinic = try await TestClinic.make()
    let other = try await TestClinic.make()
    let foreign = try await other.patient()
    let patient = try await clinic.patient()
    let second = try await clinic.patient(family: "Second")
    let note = try await clinic.admin.notes.create(
      CreateNoteRequest(note: Note(patientID: patient.patientID, text: "Call back"))
    ).note
    let nobody = UUID().uuidString.lowercased()
    let cases: [(String, String, (inout FollowUp) -> Void)] = [
      ("follow_up.title", "REQUIRED", { $0.title = "" }),
      (
        "follow_up.patient_id", "OTHER_PATIENT",
        {
          $0.noteID = note?.noteID ?? ""
          $0.patientID = second.patientID
        }
      ),
      ("follow_up.due_time", "IN_THE_PAST", { $0.dueTime = Self.inFuture(-5) }),
      ("follow_up.respond_by_time", "IN_THE_PAST", { $0.respondByTime = Self.inFuture(-5) }),
      (
        "follow_up.respond_by_time", "AFTER_DUE_TIME",
        {
          $0.respondByTime = Self.inFuture(100)
          $0.dueTime = Self.inFuture(50)
        }
      ),
      ("follow_up.assignee", "ONE_OF", { $0.assignee = FollowUpAssignee() })
    ]
    for (field, reason, change) in cases {
      let error = await failure { _ = try await create(clinic, change) }
      #expect(error?.code == .invalidArgument, "\(field) \(reason)")
      #expect(error?.fieldViolations.first?.field == field, "\(reason)")
      #expect(error?.fieldViolations.first?.reason == reason, "\(field)")
    }
    let unknown: [(field: String, reason: String, change: (inout FollowUp) -> Void)] = [
      ("follow_up.patient_id", "PATIENT_NOT_FOUND", { $0.patientID = foreign.patientID }),
      ("follow_up.note_id", "NOTE_NOT_FOUND", { $0.noteID = nobody }),
      ("follow_up.appointment_id", "APPOINTMENT_NOT_FOUND", { $0.appointmentID = nobody }),
      (
        "follow_up.assignee.staff_id", "STAFF_NOT_FOUND",
        { $0.assignee = FollowUpAssignee(who: .staffID(nobody)) }
      ),
      (
        "follow_up.escalation.role_id", "ROLE_NOT_FOUND",
        { $0.escalation = FollowUpAssignee(who: .roleID(nobody)) }
      )
    ]
    for (field, reason, change) in unknown {
      let error = await failure { _ = try await create(clinic, change) }
      #expect(error?.code == .notFound && error?.reason == reason, "\(field) \(reason)")
      #expect(error?.facts["field"] == field, "\(reason)")
    }
    let followUp = try await create(clinic) { $0.dueTime = Self.inFuture(600) }
    for (until, reason) in [(-5, "IN_THE_PAST"), (601 + 60, "AFTER_DUE_TIME")] {
      let error = await failure {
        _ = try await clinic.admin.followUps.snooze(
          SnoozeFollowUpRequest(
            followUpID: followUp.followUpID, untilTime: Self.inFuture(Int64(until))))
      }
      #expect(error?.fieldViolations.first?.reason == reason)
    }
    let fromNote = try await create(clinic) { $0.noteID = note?.noteID ?? "" }
    #expect(fromNote.patientID == patient.patientID)
  }

  @Test("are changed under their etag, and not once they are closed")
  func update() async throws {
    let clinic = try await TestClinic.make()
    let followUp = try await create(clinic)
    let caller = try await clinic.admin.auth.getCaller(GetCallerRequest())
    func update(_ change: FollowUp, _ paths: [String]) async throws -> FollowUp? {
      try await clinic.admin.followUps.update(
        UpdateFollowUpRequest(
          followUpID: followUp.followUpID, followUp: change, updateMask: FieldMask(paths: paths))
      ).followUp
    }
    let changed = try await update(
      FollowUp(
        priority: .high, assignee: FollowUpAssignee(who: .staffID(caller.staff?.staffID ?? "")),
        etag: followUp.etag), ["priority", "assignee"])
    #expect(changed?.priority == .high)
    #expect(changed?.assignee?.name == caller.staff?.displayName)
    #expect(changed?.dueTime == followUp.dueTime)
    let stored = try await clinic.admin.followUps.get(
      GetFollowUpRequest(followUpID: followUp.followUpID)
    ).followUp
    #expect(stored == changed)
    let stale = await failure {
      _ = try await update(FollowUp(title: "X", etag: followUp.etag), [])
    }
    #expect(stale?.code == .aborted)
    let mine = try await clinic.admin.followUps.list(
      ListFollowUpsRequest(filter: FollowUpFilter(mine: true)))
    #expect(mine.followUps == [changed])
    _ = try await clinic.admin.followUps.cancel(
      CancelFollowUpRequest(followUpID: followUp.followUpID, reason: "Done elsewhere"))
    let closed = await failure { _ = try await update(FollowUp(title: "X"), []) }
    #expect(closed?.code == .failedPrecondition)
    #expect(closed?.facts["allowed"] == "ReopenFollowUp")
  }

  /// A member of staff who has left: to be called once follow-ups name them.
  private func leave(_ staff: Staff, _ clinic: TestClinic) async throws {
    _ = try await clinic.admin.staff.deactivate(DeactivateStaffRequest(staffID: staff.staffID))
  }

  private func colleague(_ clinic: TestClinic) async throws -> Staff {
    let created = try await PasswordWork.shared.run {
      try await clinic.admin.staff.create(
        CreateStaffRequest(
          staff: Staff(
            email: "c\(UUID().uuidString.prefix(8).lowercased())@clinic.example",
            displayName: "Noor Haddad")))
    }
    return try requireValue(created.staff)
  }

  @Test("are given to somebody else although the one they would go to next has left")
  func reassigning() async throws {
    let clinic = try await TestClinic.make()
    let gone = try await colleague(clinic)
    let caller = try await clinic.admin.auth.getCaller(GetCallerRequest())
    let target = FollowUpAssignee(who: .staffID(gone.staffID))
    let followUp = try await create(clinic) {
      $0.assignee = target
      $0.escalation = target
    }
    try await leave(gone, clinic)
    func update(_ change: FollowUp, _ path: String) async throws -> FollowUp? {
      try await clinic.admin.followUps.update(
        UpdateFollowUpRequest(
          followUpID: followUp.followUpID, followUp: change, updateMask: FieldMask(paths: [path]))
      ).followUp
    }
    let own = FollowUpAssignee(who: .staffID(caller.staff?.staffID ?? ""))
    let given = try await update(FollowUp(assignee: own), "assignee")
    #expect(given?.assignee?.name == caller.staff?.displayName)
    #expect(given?.escalation == followUp.escalation)
    let back = await failure { _ = try await update(FollowUp(assignee: target), "assignee") }
    #expect(back?.subject == "staff.state")
  }

  @Test("stay where they are as a time is missed, where they would go to somebody who has left")
  func escalationToNobody() async throws {
    let clinic = try await TestClinic.make()
    let gone = try await colleague(clinic)
    let caller = try await clinic.admin.auth.getCaller(GetCallerRequest())
    let followUp = try await create(clinic) {
      $0.assignee = FollowUpAssignee(who: .staffID(caller.staff?.staffID ?? ""))
      $0.escalation = FollowUpAssignee(who: .staffID(gone.staffID))
      $0.respondByTime = Self.inFuture(5)
    }
    try await leave(gone, clinic)
    let escalated = try await eventually {
      try await clinic.admin.changes.list(
        ListChangesRequest(pageSize: 100, filter: ChangeFilter(recordID: followUp.followUpID))
      ).changes.first { $0.action == "escalated" }
    }
    #expect(escalated.fields == ["missed_time"])
    #expect(escalated.reason == "Not handed over: the member of staff has left")
    let stored = try await clinic.admin.followUps.get(
      GetFollowUpRequest(followUpID: followUp.followUpID)
    ).followUp
    #expect(stored?.missedTime == .response)
    #expect(stored?.assignee == followUp.assignee)
  }

  @Test("are listed by what is due first, in pages")
  func list() async throws {
    let clinic = try await TestClinic.make()
    var ids: [String] = []
    for number in 0..<9 {
      // 5, 2, 8 … so that the order of making is not that of the times.
      let place = Int64((number * 4 + 5) % 9)
      ids.append(
        try await create(clinic) { $0.dueTime = Self.inFuture(1_000 + place) }.followUpID)
    }
    var found: [FollowUp] = []
    var token = ""
    repeat {
      let reply = try await clinic.admin.followUps.list(
        ListFollowUpsRequest(pageSize: 4, pageToken: token))
      found += reply.followUps
      token = reply.nextPageToken
    } while !token.isEmpty
    #expect(Set(found.map(\.followUpID)) == Set(ids))
    #expect(found.count == 9)
    let times = found.compactMap { $0.dueTime?.seconds }
    #expect(times == times.sorted())
  }

  @Test("wake from their snooze, and are handed over once for each missed time by two servers")
  func escalation() async throws {
    let clinic = try await TestClinic.make()
    let role = try await clinic.admin.roles.create(
      CreateRoleRequest(role: Role(name: "Duty doctor", permissions: ["follow_ups.read"]))
    ).role
    try await ReplicaServer.with { replica in
      let other = try await clinic.login(at: replica)
      let count = 30
      var ids: [String] = []
      for number in 0..<count {
        let service = number % 2 == 0 ? clinic.admin.followUps : other.followUps
        // All from one moment: a slow machine must not change their order.
        let (wakes, respond, due) = (Self.inFuture(8), Self.inFuture(10), Self.inFuture(12))
        let reply = try await service.create(
          CreateFollowUpRequest(
            followUp: FollowUp(
              title: "Urgent \(number)",
              escalation: FollowUpAssignee(who: .roleID(role?.roleID ?? "")),
              respondByTime: respond, dueTime: due)))
        let id = try requireValue(reply.followUp).followUpID
        ids.append(id)
        _ = try await service.snooze(
          SnoozeFollowUpRequest(followUpID: id, untilTime: wakes))
      }
      var actions: [String: [String]] = [:]
      let start = ContinuousClock.now
      repeat {
        try await Task.sleep(for: .milliseconds(200))
        let entries = try await clinic.admin.changes.list(
          ListChangesRequest(
            pageSize: 1_000, filter: ChangeFilter(recordTypes: ["follow_up"]),
            order: .oldestFirst)
        ).changes
        actions = Dictionary(grouping: entries, by: \.recordID).mapValues { $0.map(\.action) }
      } while actions.values.reduce(0, { $0 + $1.count }) < count * 5
        && ContinuousClock.now - start < .seconds(60)
      // Whatever is done twice shows by now.
      try await Task.sleep(for: .seconds(1))
      for id in ids {
        #expect(actions[id] == ["created", "snoozed", "woken", "escalated", "escalated"])
      }
      let list = try await clinic.admin.followUps.list(
        ListFollowUpsRequest(pageSize: 100, filter: FollowUpFilter(overdue: true))
      ).followUps
      #expect(list.count == count)
      for followUp in list {
        #expect(followUp.state == .open)
        #expect(followUp.missedTime == .due)
        #expect(followUp.assignee?.name == "Duty doctor")
      }
      await other.close()
    }
  }
}
