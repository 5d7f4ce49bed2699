import ClinicClient
import ClinicContracts
import Foundation
import Logging
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Notes")
struct NoteTests {
  private func note(_ clinic: TestClinic, text: String = "First") async throws -> Note {
    let patient = try await clinic.patient()
    let reply = try await clinic.admin.notes.create(
      CreateNoteRequest(note: Note(patientID: patient.patientID, text: text)))
    return try requireValue(reply.note)
  }

  /// All versions of a note, page by page.
  private func versions(
    of note: Note, in clinic: TestClinic, pageSize: Int32
  ) async throws -> [Note] {
    var found: [Note] = []
    var token = ""
    repeat {
      let page = try await clinic.admin.notes.listVersions(
        ListNoteVersionsRequest(noteID: note.noteID, pageSize: pageSize, pageToken: token))
      #expect(!page.versions.isEmpty && page.versions.count <= Int(pageSize))
      #expect(try page.serializedSize() <= 2 << 20)
      found += page.versions
      token = page.nextPageToken
    } while !token.isEmpty
    return found
  }

  @Test("as long as they can be fit in no page of 1,000, and none of them is left out")
  func longNotes() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient()
    // 50,000 characters of three bytes each: a message holds 27 of these, a page fewer.
    let text = String(repeating: "病", count: 50_000)
    var ids: [String] = []
    for number in 0..<32 {
      let reply = try await clinic.admin.notes.create(
        CreateNoteRequest(note: Note(patientID: patient.patientID, title: "\(number)", text: text)))
      ids.append(try requireValue(reply.note).noteID)
    }
    var listed: [String] = []
    var sizes: [Int] = []
    var token = ""
    repeat {
      let page = try await clinic.admin.notes.list(
        ListNotesRequest(
          pageSize: 1_000, pageToken: token, filter: NoteFilter(patientID: patient.patientID)))
      #expect(try page.serializedSize() <= 2 << 20)
      #expect(page.notes.allSatisfy { $0.text == text })
      listed += page.notes.map(\.noteID)
      sizes.append(page.notes.count)
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(listed == ids.reversed())
    // 13 of them have 1.95 million bytes, and 14 more than 2 MiB.
    #expect(sizes == [13, 13, 6])
  }

  @Test("with many long versions list them all, and tell of none that is not there")
  func longHistory() async throws {
    let clinic = try await TestClinic.make()
    let first = try await note(clinic)
    for number in 0..<20 {
      _ = try await clinic.admin.notes.amend(
        AmendNoteRequest(
          noteID: first.noteID, text: String(repeating: "病", count: 50_000),
          reason: "\(number)"))
    }
    let history = try await versions(of: first, in: clinic, pageSize: 1_000)
    #expect(history.map(\.version) == (1...21).reversed())
    let error = await failure {
      _ = try await clinic.admin.notes.listVersions(
        ListNoteVersionsRequest(noteID: UUID().uuidString))
    }
    #expect(error?.code == .notFound)
  }

  @Test("keep every version with who wrote it, when and why")
  func history() async throws {
    let clinic = try await TestClinic.make()
    let first = try await note(clinic)
    #expect(first.version == 1)
    #expect(first.kind == .clinical)
    #expect(first.state == .current)
    let author = try await clinic.member(permissions: ["notes.read", "notes.write"])
    let second = try await author.notes.amend(
      AmendNoteRequest(
        noteID: first.noteID, title: "Call", text: "Second", reason: "Name misheard",
        etag: first.etag)
    ).note
    #expect(second?.version == 2)
    let last = try await clinic.admin.notes.markEnteredInError(
      MarkNoteEnteredInErrorRequest(noteID: first.noteID, reason: "Wrong patient")
    ).note
    #expect(last?.state == .enteredInError)
    let newest = try await clinic.admin.notes.get(GetNoteRequest(noteID: first.noteID)).note
    let history = try await versions(of: first, in: clinic, pageSize: 2)
    #expect(newest == history.first)
    #expect(history.map(\.version) == [3, 2, 1])
    #expect(history.map(\.text) == ["Second", "Second", "First"])
    #expect(history.map(\.reason) == ["Wrong patient", "Name misheard", ""])
    #expect(history.map(\.state) == [.enteredInError, .current, .current])
    #expect(history[0].author == history[2].author)
    #expect(history[1].author != history[2].author)
    #expect(history[2] == first)
    let entries = try await clinic.admin.changes.list(
      ListChangesRequest(filter: ChangeFilter(recordID: first.noteID))
    ).changes
    #expect(entries.map(\.action) == ["entered_in_error", "amended", "created"])
    #expect(entries.map(\.reason) == ["Wrong patient", "Name misheard", ""])
  }

  @Test("are listed by patient and kind, the newest first, without those entered in error")
  func list() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient()
    try await _ = note(clinic, text: "Another patient's")
    var ids: [String] = []
    for number in 0..<7 {
      let kind: NoteKind = number % 2 == 0 ? .clinical : .contact
      let reply = try await clinic.admin.notes.create(
        CreateNoteRequest(
          note: Note(patientID: patient.patientID, kind: kind, text: "Note \(number)")))
      ids.append(try requireValue(reply.note).noteID)
    }
    _ = try await clinic.admin.notes.markEnteredInError(
      MarkNoteEnteredInErrorRequest(noteID: ids[3], reason: "Wrong"))
    func list(_ filter: NoteFilter, size: Int32) async throws -> [String] {
      var found: [String] = []
      var token = ""
      repeat {
        let reply = try await clinic.admin.notes.list(
          ListNotesRequest(pageSize: size, pageToken: token, filter: filter))
        found += reply.notes.map(\.noteID)
        token = reply.nextPageToken
      } while !token.isEmpty
      return found
    }
    let all = try await list(
      NoteFilter(patientID: patient.patientID, includeEnteredInError: true), size: 3)
    #expect(all == ids.reversed())
    let current = try await list(NoteFilter(patientID: patient.patientID), size: 2)
    #expect(current == ids.reversed().filter { $0 != ids[3] })
    let contacts = try await list(
      NoteFilter(patientID: patient.patientID, kind: .contact), size: 50)
    #expect(contacts == [ids[5], ids[1]])
  }

  @Test("that were entered in error are not amended")
  func afterError() async throws {
    let clinic = try await TestClinic.make()
    let note = try await note(clinic)
    _ = try await clinic.admin.notes.markEnteredInError(
      MarkNoteEnteredInErrorRequest(noteID: note.noteID, reason: "Wrong"))
    for error in [
      await failure {
        _ = try await clinic.admin.notes.amend(
          AmendNoteRequest(noteID: note.noteID, text: "More", reason: "More"))
      },
      await failure {
        _ = try await clinic.admin.notes.markEnteredInError(
          MarkNoteEnteredInErrorRequest(noteID: note.noteID, reason: "Again"))
      }
    ] {
      #expect(error?.code == .failedPrecondition)
    }
  }

  @Test("on nobody, and on an archived record, are refused")
  func refusals() async throws {
    let clinic = try await TestClinic.make()
    let other = try await TestClinic.make()
    let foreign = try await other.patient()
    func create(_ id: String) async -> RPCError? {
      await failure {
        _ = try await clinic.admin.notes.create(
          CreateNoteRequest(note: Note(patientID: id, text: "Text")))
      }
    }
    for id in [foreign.patientID, UUID().uuidString.lowercased()] {
      let error = await create(id)
      #expect(error?.code == .notFound && error?.reason == "PATIENT_NOT_FOUND")
      #expect(error?.facts["field"] == "note.patient_id")
    }
    #expect(await create("")?.fieldViolations.first?.field == "note.patient_id")
    let patient = try await clinic.patient()
    _ = try await clinic.admin.patients.archive(
      ArchivePatientRequest(patientID: patient.patientID))
    #expect(await create(patient.patientID)?.code == .failedPrecondition)
    let written = try await note(clinic)
    let deletion = await failure {
      _ = try await clinic.admin.patients.delete(
        DeletePatientRequest(patientID: written.patientID, reason: "test"))
    }
    #expect(deletion?.code == .failedPrecondition)
  }

  @Test("on an appointment are on its patient, and on nobody else")
  func appointments() async throws {
    let practice = try await TestPractice.make()
    let clinic = practice.clinic
    let patient = try await clinic.patient()
    let booked = try await practice.book(patient, at: practice.time(10))
    let note = try await clinic.admin.notes.create(
      CreateNoteRequest(note: Note(appointmentID: booked.appointmentID, text: "Came by bus."))
    ).note
    #expect(note?.patientID == patient.patientID)
    let list = try await clinic.admin.notes.list(
      ListNotesRequest(filter: NoteFilter(appointmentID: booked.appointmentID)))
    #expect(list.notes == [note])
    let other = try await clinic.patient(family: "Other")
    func refused(_ patient: String, _ appointment: String) async -> RPCError? {
      await failure {
        _ = try await clinic.admin.notes.create(
          CreateNoteRequest(
            note: Note(patientID: patient, appointmentID: appointment, text: "Text")))
      }
    }
    let wrong = await refused(other.patientID, booked.appointmentID)
    #expect(wrong?.fieldViolations.first?.field == "note.patient_id")
    #expect(wrong?.fieldViolations.first?.reason == "OTHER_PATIENT")
    let unknown = await refused("", UUID().uuidString.lowercased())
    #expect(unknown?.code == .notFound && unknown?.reason == "APPOINTMENT_NOT_FOUND")
    #expect(unknown?.facts["field"] == "note.appointment_id")
    let followUp = try await clinic.admin.followUps.create(
      CreateFollowUpRequest(
        followUp: FollowUp(title: "Send the letter", appointmentID: booked.appointmentID))
    ).followUp
    #expect(followUp?.patientID == patient.patientID)
    let found = try await clinic.admin.followUps.list(
      ListFollowUpsRequest(filter: FollowUpFilter(appointmentID: booked.appointmentID)))
    #expect(found.followUps == [followUp])
  }

  @Test("amended by many at once get one further version")
  func race() async throws {
    let clinic = try await TestClinic.make()
    let note = try await note(clinic)
    let codes = await withTaskGroup(of: RPCStatusCode?.self) { group in
      for number in 0..<24 {
        group.addTask {
          await failure {
            _ = try await clinic.admin.notes.amend(
              AmendNoteRequest(
                noteID: note.noteID, text: "Version of \(number)", reason: "Race",
                etag: note.etag))
          }?.code
        }
      }
      return await group.reduce(into: [RPCStatusCode?]()) { $0.append($1) }
    }
    #expect(codes.count { $0 == nil } == 1)
    #expect(codes.count { $0 == .aborted } == 23)
    let history = try await versions(of: note, in: clinic, pageSize: 50)
    #expect(history.map(\.version) == [2, 1])
  }

  /// What the server's own role tries on the versions of a note, and how PostgreSQL refuses it.
  static let attempts: [(String, String)] = [
    ("update clinic.note_versions set body = 'x' where company_id = $1 and note_id = $2", "42501"),
    ("delete from clinic.note_versions where company_id = $1 and note_id = $2", "42501"),
    ("truncate clinic.note_versions", "42501"),
    ("update clinic.notes set created_at = now() where company_id = $1 and id = $2", "42501"),
    ("delete from clinic.notes where company_id = $1 and id = $2", "42501"),
    // A version that is there already, one that leaves one out, and one behind an error.
    (insertion(version: 1), "23505"), (insertion(version: 5), "23503"),
    (insertion(version: 3), "23503")
  ]

  private static func insertion(version: Int) -> String {
    """
    insert into clinic.note_versions
      (company_id, note_id, version, state, title, body, reason, author_id)
    select $1, $2, \(version), 1, '', 'forged', '', author_id from clinic.note_versions
    where company_id = $1 and note_id = $2 and version = 1
    """
  }

  @Test("cannot be rewritten by the server's role with SQL of its own", arguments: attempts)
  func immutability(statement: String, state: String) async throws {
    let clinic = try await TestClinic.make()
    let note = try await note(clinic)
    _ = try await clinic.admin.notes.markEnteredInError(
      MarkNoteEnteredInErrorRequest(noteID: note.noteID, reason: "Wrong"))
    var configuration = PostgresConfiguration(connectionString: clinic.server.application)
    configuration.leasedConnections = 1
    let client = try PostgresClient(configuration: configuration, logger: .init(label: "forger"))
    try client.start()
    let company = try #require(UUID(uuidString: clinic.company.companyID))
    let text = statement.replacingOccurrences(of: "$1", with: "'\(company)'::uuid")
      .replacingOccurrences(of: "$2", with: "'\(note.noteID)'::uuid")
    let error = await #expect(throws: PostgresError.self) {
      _ = try await client.query(
        SQLQuery(raw: text), after: "select clinic.enter(\(company))")
    }
    #expect(error?.sqlState.rawValue == state)
    await client.shutdown()
    let history = try await versions(of: note, in: clinic, pageSize: 50)
    #expect(history.map(\.text) == ["First", "First"])
  }
}
