import ClinicClient
import ClinicContracts
import ClinicServer
import Foundation
import RPCCore
import TestSupport
import Testing

@Suite("Rate limits", .timeLimit(.minutes(3)))
struct RateLimitTests {
  /// Two calls of this cost fit, and a third not for fifty seconds.
  private static let two = CallLimits("cost=1/100")

  private func verify(_ client: ClinicClient) async throws {
    _ = try await client.changes.verify(
      VerifyChangesRequest(), options: CallOptions(timeout: .seconds(20)))
  }

  @Test("an account that is too fast is told which limit it met and when to come back")
  func account() async throws {
    let clinic = try await TestClinic.make()
    try await ReplicaServer.with(configure: {
      $0.callLimits.account = CallLimits("cost=10/100") ?? CallLimits()
    }) { server in
      let client = try await clinic.login(at: server)
      // Another session of the same account shares its limits.
      let other = try await clinic.login(at: server)
      try await verify(client)
      try await verify(other)
      let error = await failure {
        _ = try await client.changes.verify(
          VerifyChangesRequest(), options: CallOptions(timeout: .milliseconds(900)))
      }
      #expect(error?.code == .resourceExhausted && error?.reason == "RATE_LIMITED")
      #expect(error?.facts == ["scope": "account", "limit": "cost_per_second", "size": "10"])
      let delay = try #require(error?.retryDelay)
      #expect(delay > .milliseconds(900) && delay <= .seconds(5))
      // With more time, the client waits by itself as long as it was told to.
      try await verify(client)
    }
  }

  @Test("a clinic's limit holds for all its accounts together, and for no other clinic")
  func clinics() async throws {
    let (one, two) = (try await TestClinic.make(), try await TestClinic.make())
    try await ReplicaServer.with(configure: {
      $0.callLimits.clinic = Self.two ?? CallLimits()
    }) { server in
      let client = try await one.login(at: server)
      let colleague = try server.client()
      let staff = try await one.memberLogin(permissions: ["changes.audit"])
      try await PasswordWork.shared.run {
        try await colleague.login(
          company: one.company.slug, email: staff.email, password: TestClinic.password)
      }
      let neighbour = try await two.login(at: server)
      try await verify(client)
      try await verify(colleague)
      for client in [client, colleague] {
        let error = await failure { try await verify(client) }
        #expect(error?.code == .resourceExhausted && error?.facts["scope"] == "clinic")
        #expect(error?.facts["size"] == "1")
      }
      try await verify(neighbour)
    }
  }

  @Test("an account's limit leaves its colleagues alone")
  func colleagues() async throws {
    let clinic = try await TestClinic.make()
    try await ReplicaServer.with(configure: {
      $0.callLimits.account = Self.two ?? CallLimits()
    }) { server in
      let client = try await clinic.login(at: server)
      let staff = try await clinic.memberLogin(permissions: ["changes.audit"])
      let colleague = try server.client()
      try await PasswordWork.shared.run {
        try await colleague.login(
          company: clinic.company.slug, email: staff.email, password: TestClinic.password)
      }
      for _ in 0..<2 { try await verify(client) }
      let error = await failure { try await verify(client) }
      #expect(error?.facts["scope"] == "account")
      try await verify(colleague)
    }
  }

  @Test("an address that calls without credentials is refused over every protocol alike")
  func protocols() async throws {
    let clinic = try await TestClinic.make()
    try await ReplicaServer.with(configure: {
      $0.callLimits.address = CallLimits("cost=1/1") ?? CallLimits()
    }) { server in
      // What is larger than the bucket goes through once: the wrong password costs 200 seconds.
      let client = try server.client()
      let wrong = await failure {
        try await client.login(company: clinic.company.slug, email: clinic.email, password: "no")
      }
      #expect(wrong?.code == .unauthenticated)
      let error = await failure {
        try await client.login(company: clinic.company.slug, email: clinic.email, password: "no")
      }
      #expect(error?.reason == "RATE_LIMITED" && error?.facts["scope"] == "address")
      let delay = try #require(error?.retryDelay)
      #expect(delay > .seconds(100) && delay <= .seconds(200))

      let json = try await Curl.post(
        server, "clinic.v1.AuthService/Login", type: "application/json", body: Array("{}".utf8))
      #expect(json.contains(" 429"))
      #expect(json.contains(#""code":"resource_exhausted""#))
      #expect(json.contains("google.rpc.RetryInfo") && json.contains("google.rpc.ErrorInfo"))
      let after = try #require(json.firstMatch(of: /retry-after: (\d+)/).flatMap { Int($0.1) })
      #expect((100...200).contains(after))

      let grpc = try await Curl.post(
        server, "clinic.v1.AuthService/Login", type: "application/grpc", body: [0, 0, 0, 0, 0])
      #expect(grpc.contains(" 200") && grpc.contains("grpc-status: 8"))
      #expect(grpc.contains("grpc-status-details-bin: "))
    }
  }
}

/// Calls over HTTP as others make them.
enum Curl {
  /// The response's header and body as text.
  static func post(
    _ server: ClinicTestServer.Running, _ path: String, type: String, body: [UInt8],
    token: String? = nil
  ) async throws -> String {
    let folder = try TemporaryFolder("curl")
    let (input, output) = (folder.file("in"), folder.file("out"))
    try Data(body).write(to: URL(fileURLWithPath: input))
    var arguments = [
      "curl", "--silent", "--show-error", "--include", "--max-time", "20", "--http2",
      "--cacert", server.certificateAuthority, "--header", "content-type: \(type)",
      "--header", "te: trailers", "--data-binary", "@\(input)"
    ]
    if let token { arguments += ["--header", "authorization: Bearer \(token)"] }
    let process = try ChildProcess(
      arguments + ["https://127.0.0.1:\(server.port)/\(path)"], output: output)
    while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    _ = process.wait()
    return String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self)
  }
}
