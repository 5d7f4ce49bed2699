internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

/// What a demo clinic wrote down, and what it has to do.
struct DemoDuties {
  private static let notes: [(kind: NoteKind, text: String)] = [
    (.contact, "Rang about the blood test. Told that the results come by Thursday."),
    (.clinical, "Blood pressure 142/88 sitting, right arm. Measure again in two weeks."),
    (.administrative, "Letter from the eye clinic scanned and filed."),
    (.clinical, "Rash on both forearms since Monday. No new soap, no new medicines."),
    (.contact, "Son asks that reminders go to his number as well.")
  ]

  /// What is to be done, how urgent it is, and after how many hours it is due. None has been missed:
  /// the server hands over what is.
  private static let followUps:
    [(title: String, priority: FollowUpPriority, hours: Int, note: Int?)] = [
      ("Ring about the blood test", .high, 3, 0),
      ("Measure the blood pressure again", .normal, 336, 1),
      ("Send the referral to dermatology", .urgent, 2, 3),
      ("Change the number for reminders", .low, 72, 4),
      ("Order vaccines for next week", .normal, 26, nil)
    ]

  /// The patients whom the notes are on, one each.
  let patients: [UUID]
  /// Who wrote them.
  let author: UUID
  /// Who is to do what follows.
  let roleID: UUID?

  /// Puts off the inserts of everything.
  func insert(by mutation: Mutation) throws {
    var noteIDs: [UUID] = []
    for (note, patient) in zip(Self.notes, patients) {
      let id = UUIDv7.make()
      let noAppointment: UUID? = nil
      mutation.enqueue(
        NoteStatements.insert(
          mutation.companyID, id, patient, noAppointment,
          Int16(truncatingIfNeeded: note.kind.rawValue)))
      mutation.enqueue(
        NoteStatements.insertVersion(
          mutation.companyID, id, Int32(1), Int16(truncatingIfNeeded: NoteState.current.rawValue),
          "", note.text, "", author, Int16(truncatingIfNeeded: AccountKind.staff.rawValue)))
      noteIDs.append(id)
    }
    mutation.log(Change(.created, .note, noteIDs))
    var ids: [UUID] = []
    for entry in Self.followUps {
      let note = entry.note.flatMap { noteIDs.indices.contains($0) ? $0 : nil }
      var followUp = FollowUp(
        followUpID: UUIDv7.make().text, title: entry.title,
        patientID: note.map { patients[$0].text } ?? "",
        noteID: note.map { noteIDs[$0].text } ?? "",
        priority: entry.priority,
        assignee: roleID.map { FollowUpAssignee(who: .roleID($0.text)) },
        escalation: FollowUpAssignee(who: .staffID(author.text)),
        dueTime: Timestamp(mutation.now.advanced(by: .seconds(entry.hours * 3_600))), state: .open,
        creator: ActorMessage(accountID: author.text, kind: .staff))
      try followUp.setTimes(at: mutation.now)
      let id = try followUp.uuid
      mutation.enqueue(try followUp.insert(in: mutation.companyID))
      mutation.setTimer(.followUp, of: id, to: FollowUpClock.next(of: followUp))
      ids.append(id)
    }
    mutation.log(Change(.created, .followUp, ids))
  }
}
