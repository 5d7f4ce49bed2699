import ClinicClient
import ClinicContracts
import Foundation
import ProtobufRuntime
import RPCCore
import TestSupport
import Testing

@Suite("Webhooks through crashes")
struct WebhookCrashTests {
  @Test(
    "kill -9 of the server in the middle of a delivery: it comes again, and nothing is left out")
  func killed() async throws {
    let programs = try Programs()
    let address = "127.0.0.1:\(try FreePort.find())"
    let options = ["--webhook-private-addresses"]
    var server = try await programs.serve(on: address, options: options)
    let login = try #require(try programs.logins().first { $0.profile == "demo" })
    let client = try ClinicClient(
      configuration: ClinicClientConfiguration(
        servers: [
          ServerAddress(host: "127.0.0.1", port: Int(address.split(separator: ":")[1]) ?? 0)
        ], certificateAuthority: .file(programs.data + "/tls/ca.pem"), connections: 1))
    try await client.login(company: login.company, email: login.email, password: login.password)
    // The first delivery gets no answer while the server lives.
    let receiver = try await HTTPReceiver { number, _ in number == 0 ? .silence : .status(204) }
    let created = try await client.webhooks.create(
      CreateWebhookRequest(
        webhook: Webhook(url: receiver.url(), recordTypes: ["patient"])))
    let start = try #require(created.webhook).deliveredSequence
    for number in 0..<3 { try await makePatient(number, client) }
    while receiver.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    #expect(try await server.end(SIGKILL) == -SIGKILL)
    server = try await programs.serve(on: address, options: options)
    for number in 3..<6 { try await makePatient(number, client) }

    let expected = try await client.changes.list(
      ListChangesRequest(
        pageSize: 1_000, filter: ChangeFilter(recordTypes: ["patient"]), order: .newestFirst)
    ).changes.map(\.sequence).filter { $0 > start }.sorted()
    var received: [Int64] = []
    for _ in 0..<900 {
      received = try receiver.requests.flatMap { request in
        try WebhookEvent(jsonUTF8: request.body).data?.changes.map(\.sequence) ?? []
      }
      if Set(received).count == expected.count { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    // At least once, and in order but for what came again.
    let again = try #require(receiver.requests.first?.body)
    #expect(receiver.requests.dropFirst().first?.body == again)
    #expect(receiver.requests[0]["webhook-id"] == receiver.requests[1]["webhook-id"])
    let repeated = try WebhookEvent(jsonUTF8: again).data?.changes.count ?? 0
    #expect(Array(received.dropFirst(repeated)) == expected)
    #expect(expected.count == 6)
    await client.close()
    #expect(try await server.end(SIGTERM) == 0)
  }

  private func makePatient(_ number: Int, _ client: ClinicClient) async throws {
    let request = CreatePatientRequest(
      patient: Patient(name: PersonName(family: "Hook \(number)")),
      requestID: UUID().uuidString.lowercased())
    for _ in 0..<100 {
      do {
        _ = try await client.patients.create(request)
        return
      } catch let error as RPCError where error.code == .unavailable {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
    _ = try await client.patients.create(request)
  }
}
