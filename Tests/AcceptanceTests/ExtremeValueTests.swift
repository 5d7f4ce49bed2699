import ClinicClient
import ClinicContracts
import Foundation
import ProtobufRuntime
import RPCCore
import Synchronization
import TestSupport
import Testing

@Suite("Extreme values", .timeLimit(.minutes(5)))
struct ExtremeValueTests {
  /// So many calls are under way at once.
  private static let width = 16

  @Test("in every field of every request leave the server alive, and none is the server's fault")
  func requests() async throws {
    let seed = UInt64.random(in: .min ... .max)
    print("extreme values: seed \(seed)")
    var generator = SplitMix(state: seed)
    let programs = try Programs()
    let server = try await programs.serve()
    let clients = try await Clients(programs, server)
    // Those of sessions come last, and on a session of their own: they end it.
    let methods = ClinicContracts.services.flatMap(\.methods)
    let (others, sessions) = (
      methods.filter { $0.service != AuthService.descriptor.fullName },
      AuthService.Methods.all
    )
    let requests = [others, sessions].flatMap { methods in
      methods.flatMap(RequestMaker.requests).shuffled(using: &generator)
    }
    #expect(requests.count > 2_000)
    let work = Work(requests)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<Self.width {
        group.addTask {
          while let request = work.next() {
            if let code = await clients.call(request) { work.note(code, request) }
          }
        }
      }
    }
    #expect(work.faults == [], "seed \(seed)")
    #expect(server.process.isRunning, "seed \(seed)")
    #expect(try await server.end(SIGTERM) == 0)
    await clients.close()
  }

  /// Requests that are to be made, and those that should have ended otherwise.
  private final class Work: Sendable {
    private let state: Mutex<(left: ArraySlice<RequestMaker.Request>, faults: [String])>

    init(_ requests: [RequestMaker.Request]) { state = Mutex((requests[...], [])) }

    var faults: [String] { state.withLock { $0.faults.sorted() } }

    func next() -> RequestMaker.Request? { state.withLock { $0.left.popFirst() } }

    func note(_ code: RPCStatusCode, _ request: RequestMaker.Request) {
      state.withLock { state in
        state.faults.append("\(code): \(request.description)")
        // Without a server there is no point in going on.
        if code == .unavailable { state.left = [] }
      }
    }
  }

  /// Who may call what.
  private struct Clients: Sendable {
    private let platform: ClinicClient
    private let clinic: ClinicClient
    private let leaving: ClinicClient

    init(_ programs: Programs, _ server: Programs.Server) async throws {
      let port = server.address.split(separator: ":").last.flatMap { Int($0) } ?? 0
      let logins = try programs.logins()
      func client(_ profile: String) async throws -> ClinicClient {
        guard let login = logins.first(where: { $0.profile == profile }) else {
          throw TestSupportError("no login of \(profile)")
        }
        let client = try ClinicClient(
          configuration: ClinicClientConfiguration(
            servers: [ServerAddress(host: "127.0.0.1", port: port)],
            certificateAuthority: .file(programs.data + "/tls/ca.pem"), attempts: 1))
        try await client.login(
          company: login.company, email: login.email, password: login.password)
        return client
      }
      platform = try await client("platform")
      clinic = try await client("demo")
      leaving = try await client("demo2")
    }

    func close() async {
      for client in [platform, clinic, leaving] { await client.close() }
    }

    /// Makes a call. Returns the code that it ends with where that is not the caller's doing.
    func call(_ request: RequestMaker.Request) async -> RPCStatusCode? {
      let method = request.method
      let client: ClinicClient
      if method.service == AuthService.descriptor.fullName {
        client = leaving
      } else {
        client = method.policy.audience == .platform ? platform : clinic
      }
      do {
        try await open(method.requestType, method.responseType, request, client.channel)
        return nil
      } catch let error as RPCError {
        switch error.code {
        case .internal, .unknown, .dataLoss, .unavailable: return error.code
        default: return nil
        }
      } catch {
        return .unknown
      }
    }

    private func open<Request: Message, Response: Message>(
      _ type: Request.Type, _ response: Response.Type, _ request: RequestMaker.Request,
      _ channel: any RPCChannel
    ) async throws {
      let method = request.method
      let message = try Request(serializedBytes: request.bytes)
      // A watch does not end by itself.
      let options = CallOptions(timeout: method.kind == .unary ? .seconds(20) : .milliseconds(200))
      switch method.kind {
      case .unary:
        let _: Response = try await channel.unary(method, message, options: options)
      case .serverStreaming:
        try await channel.serverStreaming(method, message, options: options) {
          (replies: ResponseStream<Response>) in
          for try await _ in replies {}
        }
      case .clientStreaming:
        let _: Response = try await channel.clientStreaming(method, options: options) {
          (writer: RequestWriter<Request>) in
          try await writer.write(message)
        }
      case .bidirectional:
        try await channel.bidirectional(method, options: options) {
          (writer: RequestWriter<Request>, replies: ResponseStream<Response>) in
          try await writer.write(message)
          writer.finish()
          for try await _ in replies {}
        }
      }
    }
  }
}

/// Random numbers that a seed gives again (SplitMix64).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
