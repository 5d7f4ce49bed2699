import ClinicClient
import ClinicContracts
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("The change log")
struct ChangeLogTests {
  @Test("a check from beyond any log is refused with the field, and not an error of ours")
  func verifyFromNowhere() async throws {
    let clinic = try await TestClinic.make()
    for place in [Int64.max, 1_000_000_000_000_001] {
      let error = await failure {
        _ = try await clinic.admin.changes.verify(VerifyChangesRequest(fromSequence: place))
      }
      #expect(error?.code == .invalidArgument)
      #expect(error?.fieldViolations.map(\.field) == ["from_sequence"])
    }
    let beyond = try await clinic.admin.changes.verify(
      VerifyChangesRequest(fromSequence: 1_000_000_000_000_000))
    #expect(beyond.headSequence > 0)
  }

  @Test(
    "is listed in pages, in both orders, whole and without repetition", arguments: [false, true])
  func pages(isOldestFirst: Bool) async throws {
    let clinic = try await TestClinic.make()
    for number in 0..<12 { try await clinic.patient(family: "P\(number)") }
    var sequences: [Int64] = []
    var token = ""
    repeat {
      let reply = try await clinic.admin.changes.list(
        ListChangesRequest(
          pageSize: 5, pageToken: token, order: isOldestFirst ? .oldestFirst : .newestFirst))
      sequences += reply.changes.map(\.sequence)
      token = reply.nextPageToken
    } while !token.isEmpty
    let all = Array(1...Int64(sequences.count))
    #expect(sequences.count >= 12)
    #expect(sequences == (isOldestFirst ? all : all.reversed()))
  }

  @Test("is chosen from by thing, kind, person, method, action and time")
  func filters() async throws {
    let clinic = try await TestClinic.make()
    let patient = try await clinic.patient()
    _ = try await clinic.admin.patients.update(
      UpdatePatientRequest(patientID: patient.patientID, patient: Patient(gender: "woman")))
    let caller = try await clinic.admin.auth.getCaller(GetCallerRequest())
    func list(_ filter: ChangeFilter) async throws -> [ChangeEntry] {
      let reply = try await clinic.admin.changes.list(ListChangesRequest(filter: filter))
      return reply.changes
    }
    let ofPatient = try await list(ChangeFilter(recordID: patient.patientID))
    #expect(ofPatient.map(\.action) == ["updated", "created"])
    #expect(ofPatient.first?.fields == ["gender"])
    #expect(ofPatient.first?.actor?.accountID == caller.staff?.staffID)
    let kinds = try await list(ChangeFilter(recordTypes: ["role", "patient"]))
    #expect(Set(kinds.map(\.recordType)).isSubset(of: ["role", "patient"]))
    #expect(kinds.count >= 2)
    #expect(
      try await list(ChangeFilter(method: "clinic.v1.PatientService/UpdatePatient")).count == 1)
    #expect(try await list(ChangeFilter(action: "updated")).count == 1)
    #expect(
      try await list(ChangeFilter(accountID: UUID().uuidString.lowercased())).isEmpty)
    let middle = try #require(ofPatient.first?.changeTime)
    #expect(try await list(ChangeFilter(fromTime: middle)).map(\.action) == ["updated"])
    let before = try await list(ChangeFilter(untilTime: middle))
    #expect(!before.isEmpty && before.allSatisfy { $0.action != "updated" })
  }

  @Test("is whole as the server wrote it, in parts too")
  func whole() async throws {
    let clinic = try await TestClinic.make()
    for number in 0..<8 { try await clinic.patient(family: "V\(number)") }
    let all = try await clinic.admin.changes.verify(VerifyChangesRequest())
    #expect(all.fault == nil)
    #expect(all.firstSequence == 1)
    #expect(all.lastSequence == all.headSequence && all.headSequence >= 8)
    let last = try await clinic.admin.changes.list(ListChangesRequest(pageSize: 1)).changes.first
    #expect(all.lastHash == last?.hash)
    let part = try await clinic.admin.changes.verify(
      VerifyChangesRequest(fromSequence: 3, maxEntries: 4))
    #expect(part.fault == nil)
    #expect((part.firstSequence, part.lastSequence) == (3, 6))
  }

  /// Ways to alter a log past the server, and what a check says of each at the entry 4.
  static let alterations: [(String, Int64, ChainFaultKind)] = [
    (
      "update clinic.changes set action = 'read' where company_id = $1 and sequence = 4", 4,
      .altered
    ),
    ("delete from clinic.changes where company_id = $1 and sequence = 4", 4, .missing),
    (
      """
      update clinic.changes set previous_hash = '\\x00', hash = clinic.change_hash('\\x00',
        company_id, sequence, changed_at, staff_id, session_id, method, resource_type,
        resource_id, action, fields, reason, request_id)
      where company_id = $1 and sequence = 4
      """, 4, .unlinked
    ),
    (
      """
      delete from clinic.changes where company_id = $1
        and sequence = (select sequence from clinic.change_heads where company_id = $1)
      """, -1, .missing
    )
  ]

  @Test("shows where somebody altered it", arguments: alterations)
  func altered(statement: String, sequence: Int64, kind: ChainFaultKind) async throws {
    let clinic = try await TestClinic.make()
    for number in 0..<6 { try await clinic.patient(family: "A\(number)") }
    let head = try await clinic.admin.changes.verify(VerifyChangesRequest()).headSequence
    let quoted = "'\(clinic.company.companyID)'::uuid"
    _ = try await clinic.server.inspect(
      SQLQuery(raw: statement.replacingOccurrences(of: "$1", with: quoted)))
    let reply = try await clinic.admin.changes.verify(VerifyChangesRequest())
    #expect(reply.fault?.kind == kind)
    #expect(reply.fault?.sequence == (sequence < 0 ? head : sequence))
  }
}
