@testable import ClinicCommands
import ClinicClient
import ClinicContracts
import Logging
import NIOPosix
import ProtobufRuntime
import RPCCore
import RPCTransport
import Synchronization

/// A real server with a small clinic in memory, and the way for commands to it.
final class TestClinic: Sendable {
  struct State {
    var patients: [Patient] = []
    var imported: [ImportRow] = []
    var options: ImportOptions?
    var lastUpdate: UpdatePatientRequest?
    var lastKeyUpdate: UpdateApiKeyRequest?
    var generation = 0
    var refreshes = 0
    var followUps: [FollowUp] = []
  }

  let state = Mutex(State())

  /// The key of a service account.
  static let apiKey = "crk1_good"
  static let keyID = "01890000-0000-7000-8000-000000000003"
  static let accountID = "01890000-0000-7000-8000-000000000002"

  /// Runs `body` with a clinic and a bench that is logged in to it as the profile `demo`.
  static func with<Result>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (TestClinic, CommandBench) async throws -> Result
  ) async throws -> Result {
    let clinic = TestClinic()
    let server = RPCServer(
      router: clinic.router(), security: .plaintext, group: MultiThreadedEventLoopGroup.singleton,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    let port = try await server.start(on: [ListenAddress(host: "127.0.0.1", port: 0)])[0]
    let result: Result
    do {
      result = try await TemporaryFolder.with { folder in
        var bench = CommandBench(home: folder + "/home")
        bench.connector = Connector(port: port)
        bench.input = "correct horse\n"
        let login = await bench.run(
          "login", "--profile", "demo", "--server", "127.0.0.1:\(port)", "--company", "demo",
          "--email", "ann@demo.example", "--password-stdin")
        guard login.status == .success else { throw CommandFailure(login.errors) }
        bench.input = ""
        return try await body(clinic, bench)
      }
    } catch {
      await server.drain()
      throw error
    }
    await server.drain()
    return result
  }

  /// Connects without TLS, which the tests of the client cover.
  struct Connector: ClinicConnector {
    var port: Int

    func withClient<Result: Sendable>(
      _ profile: Profile, _ credentials: any CredentialStore, apiKey: String?,
      _ body: (ClinicClient) async throws -> Result
    ) async throws -> Result {
      let channel = RPCClient(
        configuration: RPCClientConfiguration(
          endpoints: [.init(host: "127.0.0.1", port: port)], security: .plaintext),
        group: MultiThreadedEventLoopGroup.singleton,
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
      let client = ClinicClient(
        channel: channel, credentials: credentials, apiKey: apiKey,
        close: { await channel.close() })
      let result: Result
      do {
        result = try await body(client)
      } catch {
        await client.close()
        throw error
      }
      await client.close()
      return result
    }
  }

  private func credentials() -> Credentials {
    state.withLock { state in
      state.generation += 1
      return Credentials(
        accessToken: "access-\(state.generation)", refreshToken: "refresh-\(state.generation)",
        sessionID: "s")
    }
  }

  func check(_ call: CallContext) throws {
    let current = state.withLock { "access-\($0.generation)" }
    guard call.authorization == current || call.authorization == Self.apiKey else {
      throw RPCError.unauthenticated("The token is not valid", reason: "TOKEN_INVALID")
    }
  }

  private func router() -> Router {
    var router = Router()
    addSessions(to: &router)
    addPatients(to: &router)
    addStreams(to: &router)
    addServiceAccounts(to: &router)
    addFollowUps(to: &router)
    addSchedule(to: &router)
    return router
  }

  private func addSessions(to router: inout Router) {
    router.unary(AuthService.Methods.login) { [self] (request: LoginRequest, _: CallContext) in
      guard request.password == "correct horse" else {
        throw RPCError.unauthenticated("The login failed", reason: "LOGIN_FAILED")
      }
      return LoginResponse(
        credentials: credentials(), staff: Staff(displayName: "Ann", mustChangePassword: true),
        company: Company(name: "Demo Clinic"))
    }
    router.unary(AuthService.Methods.refreshSession) {
      [self] (request: RefreshSessionRequest, _: CallContext) in
      try await Task.sleep(for: .milliseconds(30))
      guard request.refreshToken == state.withLock({ "refresh-\($0.generation)" }) else {
        throw RPCError.unauthenticated("The session is over", reason: "TOKEN_REUSED")
      }
      state.withLock { $0.refreshes += 1 }
      return RefreshSessionResponse(credentials: credentials())
    }
    router.unary(AuthService.Methods.logout) { [self] (_: LogoutRequest, call: CallContext) in
      try check(call)
      return LogoutResponse()
    }
    router.unary(AuthService.Methods.getCaller) {
      [self] (_: GetCallerRequest, call: CallContext) in
      try check(call)
      if call.authorization == Self.apiKey {
        return GetCallerResponse(
          company: Company(slug: "demo", name: "Demo Clinic"), permissions: ["patients.read"],
          serviceAccount: ServiceAccount(serviceAccountID: Self.accountID, name: "Laboratory"),
          apiKey: ApiKey(name: "production"))
      }
      return GetCallerResponse(
        staff: Staff(staffID: "1", email: "ann@demo.example", displayName: "Ann"),
        company: Company(
          slug: "demo", name: "Demo Clinic", settings: CompanySettings(timeZone: "Asia/Tokyo")),
        permissions: ["patients.read"], sessionID: "s")
    }
  }

  private func addPatients(to router: inout Router) {
    router.unary(PatientService.Methods.getPatient) {
      [self] (request: GetPatientRequest, call: CallContext) in
      try check(call)
      guard
        let patient = state.withLock({ state in
          state.patients.first { $0.patientID == request.patientID }
        })
      else { throw RPCError.notFound("There is no such patient", reason: "PATIENT_NOT_FOUND") }
      return GetPatientResponse(patient: patient)
    }
    router.unary(PatientService.Methods.listPatients) {
      [self] (request: ListPatientsRequest, call: CallContext) in
      try check(call)
      let all = state.withLock { $0.patients }
      let start = Int(request.pageToken) ?? 0
      let size = request.pageSize == 0 ? 2 : Int(request.pageSize)
      let page = all.dropFirst(start).prefix(size)
      return ListPatientsResponse(
        patients: Array(page), nextPageToken: start + size < all.count ? "\(start + size)" : "")
    }
    router.unary(PatientService.Methods.updatePatient) {
      [self] (request: UpdatePatientRequest, call: CallContext) in
      try check(call)
      state.withLock { $0.lastUpdate = request }
      guard request.patient?.etag != "stale" else {
        throw RPCError.aborted("The patient has changed since", reason: "ETAG_MISMATCH")
      }
      return UpdatePatientResponse(patient: request.patient)
    }
    router.unary(PatientService.Methods.deletePatient) {
      [self] (request: DeletePatientRequest, call: CallContext) in
      try check(call)
      state.withLock { state in state.patients.removeAll { $0.patientID == request.patientID } }
      return DeletePatientResponse()
    }
  }

  private func addServiceAccounts(to router: inout Router) {
    router.unary(ServiceAccountService.Methods.listServiceAccounts) {
      [self] (_: ListServiceAccountsRequest, call: CallContext) in
      try check(call)
      return ListServiceAccountsResponse(
        serviceAccounts: [ServiceAccount(serviceAccountID: Self.accountID, name: "Laboratory")])
    }
    router.unary(ServiceAccountService.Methods.createServiceAccount) {
      [self] (request: CreateServiceAccountRequest, call: CallContext) in
      try check(call)
      return CreateServiceAccountResponse(serviceAccount: request.serviceAccount)
    }
    router.unary(ServiceAccountService.Methods.createApiKey) {
      [self] (request: CreateApiKeyRequest, call: CallContext) in
      try check(call)
      var key = request.apiKey ?? ApiKey()
      key.apiKeyID = "3"
      key.serviceAccountID = request.serviceAccountID
      return CreateApiKeyResponse(
        apiKey: key, key: key.name == "again" ? "" : Self.apiKey)
    }
    router.unary(ServiceAccountService.Methods.updateApiKey) {
      [self] (request: UpdateApiKeyRequest, call: CallContext) in
      try check(call)
      state.withLock { $0.lastKeyUpdate = request }
      return UpdateApiKeyResponse(apiKey: request.apiKey)
    }
    router.unary(QuotaService.Methods.getUsage) {
      [self] (_: GetUsageRequest, call: CallContext) in
      try check(call)
      return GetUsageResponse(days: [
        DailyUsage(
          date: Date(year: 2026, month: 11, day: 30), calls: 12, cost: 34,
          callers: [
            CallerUsage(
              accountID: Self.accountID, displayName: "Laboratory", apiKeyID: Self.keyID,
              apiKeyName: "production", calls: 7, cost: 20),
            CallerUsage(accountID: "1", displayName: "Ann", calls: 5, cost: 14)
          ])
      ])
    }
  }

  private func addStreams(to router: inout Router) {
    router.clientStreaming(PatientService.Methods.importPatients) {
      [self] (requests: RequestStream<ImportPatientsRequest>, call: CallContext) in
      try check(call)
      var rows: [ImportRow] = []
      for try await request in requests {
        switch request.part {
        case .options(let options): state.withLock { $0.options = options }
        case .row(let row): rows.append(row)
        case nil: break
        }
      }
      state.withLock { $0.imported = rows }
      let refused = rows.filter { $0.patient?.name?.family == "Refused" }
      return ImportPatientsResponse(
        createdCount: Int64(rows.count - refused.count), refusedCount: Int64(refused.count),
        refusedRows: refused.map {
          RefusedRow(line: $0.line, field: "name.family", reason: "TEST", description_p: "No.")
        })
    }
    router.serverStreaming(PatientService.Methods.exportPatients) {
      [self]
      (
        _: ExportPatientsRequest, replies: ResponseWriter<ExportPatientsResponse>,
        call: CallContext
      ) in
      try check(call)
      for patient in state.withLock({ $0.patients }) {
        try await replies.write(ExportPatientsResponse(patients: [patient]))
      }
    }
  }
}
