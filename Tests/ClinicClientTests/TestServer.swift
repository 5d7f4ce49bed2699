import ClinicContracts
import Logging
import NIOPosix
import ProtobufRuntime
import RPCCore
import RPCTransport
import Synchronization

/// A real server on a loopback port with a few methods behind a ``TokenDesk``.
enum TestServer {
  /// Runs `body` with the port of a server.
  static func with<Result>(
    _ desk: TokenDesk, security: ServerSecurity = .plaintext,
    isolation: isolated (any Actor)? = #isolation, _ body: (Int) async throws -> Result
  ) async throws -> Result {
    let server = RPCServer(
      router: router(desk), security: security, group: MultiThreadedEventLoopGroup.singleton,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    let port = try await server.start(on: [ListenAddress(host: "127.0.0.1", port: 0)])[0]
    do {
      let result = try await body(port)
      await server.drain()
      return result
    } catch {
      await server.drain()
      throw error
    }
  }

  /// A channel to the server, without TLS.
  static func channel(port: Int) -> RPCClient {
    RPCClient(
      configuration: RPCClientConfiguration(
        endpoints: [.init(host: "127.0.0.1", port: port)], security: .plaintext),
      group: MultiThreadedEventLoopGroup.singleton,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
  }

  private static func router(_ desk: TokenDesk) -> Router {
    var router = Router()
    router.unary(AuthService.Methods.login) { (request: LoginRequest, _: CallContext) in
      guard request.password == "correct horse" else {
        throw RPCError.unauthenticated("Wrong", reason: "LOGIN_FAILED")
      }
      return LoginResponse(credentials: desk.issue(), staff: Staff(displayName: "Ann"))
    }
    router.unary(AuthService.Methods.refreshSession) {
      (request: RefreshSessionRequest, _: CallContext) in
      // Long enough for every caller of a test to arrive.
      try await Task.sleep(for: .milliseconds(50))
      return RefreshSessionResponse(credentials: try desk.refresh(request.refreshToken))
    }
    router.unary(AuthService.Methods.logout) { (_: LogoutRequest, call: CallContext) in
      try desk.check(call.authorization)
      desk.state.withLock { $0.isOver = true }
      return LogoutResponse()
    }
    router.unary(AuthService.Methods.getCaller) { (_: GetCallerRequest, call: CallContext) in
      try desk.check(call.authorization)
      return GetCallerResponse(staff: Staff(displayName: "Ann"))
    }
    router.serverStreaming(PatientService.Methods.exportPatients) {
      (
        _: ExportPatientsRequest, replies: ResponseWriter<ExportPatientsResponse>,
        call: CallContext
      ) in
      try desk.check(call.authorization)
      for number in 0..<3 {
        try await replies.write(
          ExportPatientsResponse(patients: [Patient(patientID: "\(number)")]))
      }
    }
    router.clientStreaming(PatientService.Methods.importPatients) {
      (requests: RequestStream<ImportPatientsRequest>, call: CallContext) in
      try desk.check(call.authorization)
      var count: Int64 = 0
      for try await _ in requests { count += 1 }
      return ImportPatientsResponse(createdCount: count)
    }
    return router
  }
}
