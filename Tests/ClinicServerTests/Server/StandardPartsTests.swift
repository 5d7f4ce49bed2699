import ClinicClient
import ClinicContracts
import ClinicServer
import RPCCore
import StandardServices
import Testing

@Suite("gRPC's own services of a running server", .timeLimit(.minutes(2)))
struct StandardPartsTests {
  private static let standard = [
    "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection"
  ]

  /// Asks the same question so often, and returns the answers.
  private static func ask(
    _ channel: any RPCChannel, _ question: ServerReflectionRequest.MessageRequest, times: Int = 1
  ) async throws -> [ServerReflectionResponse] {
    try await channel.bidirectional(
      ServerReflection.Methods.serverReflectionInfo, options: CallOptions()
    ) {
      (
        writer: RequestWriter<ServerReflectionRequest>,
        replies: ResponseStream<ServerReflectionResponse>
      ) in
      for _ in 0..<times {
        try await writer.write(ServerReflectionRequest(messageRequest: question))
      }
      writer.finish()
      var all: [ServerReflectionResponse] = []
      for try await reply in replies { all.append(reply) }
      return all
    }
  }

  @Test("know every service of the contracts")
  func services() async throws {
    let client = try await ClinicTestServer.shared.running().client()
    let replies = try await Self.ask(client.channel, .listServices("*"))
    guard case .listServicesResponse(let list) = replies.first?.messageResponse else {
      Issue.record("no list")
      return
    }
    let services = ClinicContracts.services.map(\.fullName)
    #expect(list.service.map(\.name) == (services + Self.standard).sorted())
    let health: HealthListResponse = try await client.channel.unary(
      Health.Methods.list, HealthListRequest(), options: CallOptions())
    #expect(Set(health.statuses.keys) == Set(services + [""]))
    await client.close()
  }

  @Test("are not for free: a stream without credentials goes no faster than its address may")
  func pace() async throws {
    try await ReplicaServer.with {
      $0.callLimits.address = CallLimits("cost=400/40") ?? CallLimits()
    } _: { server in
      let client = try server.client()
      // Ten messages of 20 each: all but the first two wait for 400 a second.
      let start = ContinuousClock.now
      #expect(try await Self.ask(client.channel, .listServices("*"), times: 5).count == 5)
      #expect(ContinuousClock.now - start >= .milliseconds(350))
      await client.close()
    }
  }
}
