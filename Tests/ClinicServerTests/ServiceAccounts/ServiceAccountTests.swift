import ClinicClient
import ClinicContracts
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import Testing

@Suite("Service accounts")
struct ServiceAccountTests {
  @Test("are created, found, listed, changed, closed and opened")
  func life() async throws {
    let clinic = try await TestClinic.make()
    let accounts = clinic.admin.serviceAccounts
    let created = try #require(
      try await accounts.create(
        CreateServiceAccountRequest(
          serviceAccount: ServiceAccount(
            name: "Laboratory", description_p: "ask Ada",
            permissions: ["patients.write", "patients.read", "patients.read"]))
      ).serviceAccount)
    #expect(created.permissions == ["patients.read", "patients.write"])
    #expect(created.state == .active)
    let got = try await accounts.get(
      GetServiceAccountRequest(serviceAccountID: created.serviceAccountID)
    ).serviceAccount
    #expect(got == created)

    let changed = try #require(
      try await accounts.update(
        UpdateServiceAccountRequest(
          serviceAccountID: created.serviceAccountID,
          serviceAccount: ServiceAccount(name: "Laboratory 2", etag: created.etag))
      ).serviceAccount)
    #expect(changed.name == "Laboratory 2" && changed.permissions == created.permissions)
    let stale = await failure {
      _ = try await accounts.deactivate(
        DeactivateServiceAccountRequest(
          serviceAccountID: created.serviceAccountID, etag: created.etag))
    }
    #expect(stale?.code == .aborted && stale?.reason == "ETAG_MISMATCH")
    let closed = try await accounts.deactivate(
      DeactivateServiceAccountRequest(
        serviceAccountID: created.serviceAccountID, etag: changed.etag)
    ).serviceAccount
    #expect(closed?.state == .deactivated)
    let again = await failure {
      _ = try await accounts.deactivate(
        DeactivateServiceAccountRequest(serviceAccountID: created.serviceAccountID))
    }
    #expect(again?.code == .failedPrecondition)
    let active = try await accounts.list(ListServiceAccountsRequest(state: .active))
    #expect(active.serviceAccounts.isEmpty)
    let opened = try await accounts.reactivate(
      ReactivateServiceAccountRequest(serviceAccountID: created.serviceAccountID)
    ).serviceAccount
    #expect(opened?.state == .active)
    #expect(
      try await accounts.list(ListServiceAccountsRequest(state: .active)).serviceAccounts
        == [opened])
    let log = try await clinic.admin.changes.list(
      ListChangesRequest(filter: ChangeFilter(recordTypes: ["service_account"])))
    #expect(log.changes.map(\.action) == ["reactivated", "deactivated", "updated", "created"])
    #expect(log.changes[2].fields == ["name"])
  }

  @Test("are listed in the order of their names, page by page")
  func pages() async throws {
    let clinic = try await TestClinic.make()
    for name in ["delta", "Alpha", "charlie", "Bravo", "echo"] {
      _ = try await clinic.admin.serviceAccounts.create(
        CreateServiceAccountRequest(serviceAccount: ServiceAccount(name: name)))
    }
    var names: [String] = []
    var token = ""
    repeat {
      let page = try await clinic.admin.serviceAccounts.list(
        ListServiceAccountsRequest(pageSize: 2, pageToken: token))
      names += page.serviceAccounts.map(\.name)
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(names == ["Alpha", "Bravo", "charlie", "delta", "echo"])
  }

  @Test(
    "are refused with what makes no sense",
    arguments: [
      (ServiceAccount(), "service_account.name"),
      (ServiceAccount(name: "S", permissions: ["patients.fly"]), "service_account.permissions[0]"),
      // For people alone.
      (
        ServiceAccount(name: "S", permissions: ["patients.read", "staff.write"]),
        "service_account.permissions[1]"
      ),
      (
        ServiceAccount(name: "S", permissions: ["service_accounts.write"]),
        "service_account.permissions[0]"
      ),
      (
        ServiceAccount(name: "S", certificateThumbprints: ["e3b0c442"]),
        "service_account.certificate_thumbprints[0]"
      ),
      (
        // 43 characters, and yet not the one form of 32 bytes.
        ServiceAccount(
          name: "S", certificateThumbprints: [String(repeating: "A", count: 42) + "B"]),
        "service_account.certificate_thumbprints[0]"
      )
    ])
  func nonsense(account: ServiceAccount, field: String) async throws {
    let clinic = try await TestClinic.make()
    let error = await failure {
      _ = try await clinic.admin.serviceAccounts.create(
        CreateServiceAccountRequest(serviceAccount: account))
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.fieldViolations.map(\.field) == [field])
  }

  @Test("have names of their own")
  func names() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: [])
    let error = await failure {
      _ = try await clinic.admin.serviceAccounts.create(
        CreateServiceAccountRequest(
          serviceAccount: ServiceAccount(name: service.account.name.uppercased())))
    }
    #expect(error?.code == .alreadyExists && error?.reason == "SERVICE_ACCOUNT_NAME_TAKEN")
  }

  @Test("are created once for a request id")
  func once() async throws {
    let clinic = try await TestClinic.make()
    let request = CreateServiceAccountRequest(
      serviceAccount: ServiceAccount(name: "Once"), requestID: UUID().uuidString)
    let first = try await clinic.admin.serviceAccounts.create(request)
    #expect(try await clinic.admin.serviceAccounts.create(request) == first)
    #expect(
      try await clinic.admin.serviceAccounts.list(ListServiceAccountsRequest()).serviceAccounts
        .count == 1)
  }

  @Test("are given nothing that the giver does not have")
  func escalation() async throws {
    let clinic = try await TestClinic.make()
    let strong = try await clinic.service(permissions: ["patients.read", "notes.read"])
    let member = try await clinic.member(
      permissions: ["service_accounts.read", "service_accounts.write", "patients.read"])
    let accounts = member.serviceAccounts
    let own = try #require(
      try await accounts.create(
        CreateServiceAccountRequest(
          serviceAccount: ServiceAccount(name: "Own", permissions: ["patients.read"]))
      ).serviceAccount)
    let calls: [(String, () async throws -> Void)] = [
      (
        "create",
        {
          _ = try await accounts.create(
            CreateServiceAccountRequest(
              serviceAccount: ServiceAccount(name: "Mine", permissions: ["notes.read"])))
        }
      ),
      (
        "widen",
        {
          _ = try await accounts.update(
            UpdateServiceAccountRequest(
              serviceAccountID: own.serviceAccountID,
              serviceAccount: ServiceAccount(permissions: ["patients.read", "notes.read"])))
        }
      ),
      (
        "loosen the binding of a stronger one",
        {
          _ = try await accounts.update(
            UpdateServiceAccountRequest(
              serviceAccountID: strong.account.serviceAccountID, serviceAccount: ServiceAccount(),
              updateMask: FieldMask(paths: ["certificate_thumbprints"])))
        }
      ),
      (
        "close a stronger one",
        {
          _ = try await accounts.deactivate(
            DeactivateServiceAccountRequest(serviceAccountID: strong.account.serviceAccountID))
        }
      ),
      (
        "make a key of a stronger one",
        {
          _ = try await accounts.createApiKey(
            CreateApiKeyRequest(
              serviceAccountID: strong.account.serviceAccountID, apiKey: ApiKey(name: "k")))
        }
      ),
      (
        "rotate a key of a stronger one",
        {
          _ = try await accounts.rotateApiKey(RotateApiKeyRequest(apiKeyID: strong.key.apiKeyID))
        }
      )
    ]
    for (name, call) in calls {
      let error = await failure(call)
      #expect(error?.code == .permissionDenied, "\(name): \(String(describing: error))")
      #expect(error?.reason == "PERMISSION_ESCALATION", "\(name)")
    }
    // With no more than the caller has, all of it is open; and so is ending a key, as a session.
    _ = try await accounts.createApiKey(
      CreateApiKeyRequest(
        serviceAccountID: strong.account.serviceAccountID,
        apiKey: ApiKey(name: "narrow", permissions: ["patients.read"])))
    _ = try await accounts.revokeApiKey(RevokeApiKeyRequest(apiKeyID: strong.key.apiKeyID))
  }

  @Test("act in the clinic's logs under their own name, and write notes as programs")
  func logs() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(
      permissions: [
        "patients.read", "patients.write", "notes.read", "notes.write", "changes.read",
        "changes.audit"
      ])
    let patient = try #require(
      try await service.client.patients.create(
        CreatePatientRequest(patient: Patient(name: PersonName(family: "Made")))
      ).patient)
    let note = try #require(
      try await service.client.notes.create(
        CreateNoteRequest(note: Note(patientID: patient.patientID, text: "Result: normal"))
      ).note)
    #expect(note.author?.kind == .service && note.author?.displayName == service.account.name)
    let amended = try await clinic.admin.notes.amend(
      AmendNoteRequest(noteID: note.noteID, text: "Result: low", reason: "typing error"))
    #expect(amended.note?.author?.kind == .staff)
    let history = try await service.client.notes.listVersions(
      ListNoteVersionsRequest(noteID: note.noteID))
    #expect(history.versions.map(\.author?.kind) == [.staff, .service])
    #expect(history.versions.map(\.author?.displayName) == ["Ada Admin", service.account.name])

    let filter = ChangeFilter(accountID: service.account.serviceAccountID)
    let changes = try await service.client.changes.list(ListChangesRequest(filter: filter)).changes
    #expect(changes.map(\.recordType) == ["note", "patient"])
    for change in changes {
      #expect(change.actor?.accountID == service.account.serviceAccountID)
      #expect(change.actor?.kind == .service)
      #expect(change.actor?.displayName == service.account.name)
      #expect(change.apiKeyID == service.key.apiKeyID)
      #expect(change.sessionID.isEmpty)
    }
    let amendments = try await clinic.admin.changes.list(
      ListChangesRequest(filter: ChangeFilter(accountID: amended.note?.author?.accountID ?? "")))
    #expect(amendments.changes.first?.action == "amended")
    #expect(amendments.changes.allSatisfy { $0.actor?.kind == .staff && $0.apiKeyID.isEmpty })
    // The chain holds over accounts of both kinds.
    let chain = try await clinic.admin.changes.verify(VerifyChangesRequest())
    #expect(chain.fault == nil && chain.lastSequence == chain.headSequence)

    let account = try #require(UUID(uuidString: service.account.serviceAccountID))
    let key = try #require(UUID(uuidString: service.key.apiKeyID))
    var reads: Int64 = 0
    for _ in 0..<100 where reads == 0 {
      let rows = try await clinic.server.inspect(
        "select count(*) from clinic.reads where staff_id = \(account) and session_id = \(key)")
      reads = try rows[0].decode(0)
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(reads > 0)
  }

  @Test("know who they are")
  func caller() async throws {
    let clinic = try await TestClinic.make()
    let service = try await clinic.service(permissions: ["patients.read"])
    let caller = try await service.client.auth.getCaller(GetCallerRequest())
    #expect(caller.serviceAccount == service.account)
    #expect(caller.apiKey?.apiKeyID == service.key.apiKeyID)
    #expect(caller.apiKey?.expireTime == service.key.expireTime)
    #expect(caller.company?.companyID == clinic.company.companyID)
    #expect(caller.permissions == ["patients.read"])
    #expect(caller.staff == nil && caller.sessionID.isEmpty)
    let person = try await clinic.admin.auth.getCaller(GetCallerRequest())
    #expect(person.staff != nil && person.serviceAccount == nil && person.apiKey == nil)
  }
}
