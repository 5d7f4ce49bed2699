import ClinicClient
import ClinicContracts
import Foundation
import Logging
import PostgresClient
import ProtobufRuntime
import RPCCore
import Synchronization
import TestSupport
import Testing

@Suite("Webhooks deliver")
struct WebhookDeliveryTests {
  @Test("what happens in the clinic, in order, signed, as the log has it")
  func order() async throws {
    let bench = try await WebhookBench.make()
    for number in 0..<30 { try await bench.clinic.patient(family: "Family \(number)") }
    let received = try await bench.changes(30)
    let logged = try await bench.patientChanges()
    #expect(received.map(\.sequence) == logged.map(\.sequence))
    #expect(received.allSatisfy { $0.hash.isEmpty && $0.previousHash.isEmpty })
    #expect(received.map(\.recordID) == logged.map(\.recordID))
    var end = bench.webhook.deliveredSequence
    for request in bench.receiver.requests {
      #expect(request.target == "/hook")
      #expect(request["host"] == "127.0.0.1:\(bench.receiver.port)")
      #expect(request["content-type"] == "application/json")
      #expect(request.isSigned(by: bench.secret))
      let age = abs(Date().timeIntervalSince1970 - (Double(request["webhook-timestamp"]) ?? 0))
      #expect(age < 60)
      let event = try request.event
      #expect(event.type == "changes")
      #expect(event.data?.companyID == bench.clinic.company.companyID)
      #expect(event.data?.webhookID == bench.webhook.webhookID)
      // No gap, and a range that holds its entries.
      #expect(event.data?.afterSequence == end)
      end = event.data?.sequence ?? 0
      #expect(event.data?.changes.last.map { $0.sequence <= end } == true)
    }
    let deliveries = try await eventually {
      let found = try await bench.deliveries(.delivered)
      return found.count == bench.receiver.requests.count ? found : nil
    }
    #expect(
      deliveries.reversed().map(\.webhookDeliveryID)
        == bench.receiver.requests.map { $0["webhook-id"] })
    #expect(deliveries.allSatisfy { $0.attemptCount == 1 && $0.attempts[0].statusCode == 204 })
    #expect(deliveries.reduce(0) { $0 + $1.changeCount } == 30)
    let webhook = try await bench.now()
    #expect(webhook.deliveredSequence == end)
    #expect(webhook.failedAttempts == 0)
    #expect(webhook.etag == bench.webhook.etag)
  }

  @Test("nothing personal: only the public fields of the log")
  func publicFields() async throws {
    let bench = try await WebhookBench.make()
    let patient = try await bench.clinic.patient(family: "Unmistakable")
    _ = try await bench.clinic.admin.patients.archive(
      ArchivePatientRequest(patientID: patient.patientID, reason: "A secret reason"))
    let changes = try await bench.changes(2)
    let hidden = ChangeEntry.descriptor.fields.filter { $0.sensitivity != .public }
    #expect(
      Set(hidden.map(\.name)) == ["session_id", "api_key_id", "reason", "previous_hash", "hash"])
    for change in changes {
      #expect(Set(change.populatedFields).isDisjoint(with: hidden.map(\.name)))
      #expect(change.actor?.kind == .staff && change.actor?.displayName == "")
    }
    for request in bench.receiver.requests {
      let text = String(decoding: request.body, as: UTF8.self)
      for word in ["Unmistakable", "A secret reason", "Ada Admin"] { #expect(!text.contains(word)) }
    }
  }

  @Test("a long log in batches of a hundred, and skips what is not wanted")
  func batches() async throws {
    let clinic = try await TestClinic.make()
    let role = try await clinic.admin.roles.create(
      CreateRoleRequest(role: Role(name: "Rare", permissions: ["patients.read"])))
    let count = 620
    try await withThrowingTaskGroup(of: Void.self) { group in
      for share in 0..<8 {
        group.addTask {
          for number in stride(from: share, to: count, by: 8) {
            try await clinic.patient(family: "Family \(number)")
          }
        }
      }
      try await group.waitForAll()
    }
    // From the log's beginning: the role was first.
    let patients = try await WebhookBench.make(in: clinic)
    let roles = try await WebhookBench.make(types: ["role", "follow_up"], in: clinic)
    for bench in [patients, roles] {
      _ = try await clinic.admin.webhooks.replay(
        ReplayWebhookRequest(webhookID: bench.webhook.webhookID, fromSequence: 1))
    }
    let received = try await patients.changes(count)
    #expect(received.map(\.sequence) == received.map(\.sequence).sorted())
    #expect(Set(received.map(\.sequence)).count == received.count)
    let sizes = try patients.receiver.requests.map { try $0.event.data?.changes.count ?? 0 }
    #expect(sizes.max() == 100)
    #expect(sizes.count < 20)
    let rare = try await roles.changes(1)
    #expect(rare.map(\.recordID) == [role.role?.roleID ?? ""])
    // What follows later is found behind all that was skipped.
    _ = try await clinic.admin.followUps.create(
      CreateFollowUpRequest(followUp: FollowUp(title: "Title")))
    #expect(try await roles.changes(2).last?.recordType == "follow_up")
    #expect(roles.receiver.requests.count == 2)
  }

  @Test("again after failures, with the same id and body, and what follows only then")
  func retry() async throws {
    let bench = try await WebhookBench.make { number, _ in
      number < 2
        ? .status(number == 0 ? 500 : 302, headers: "location: /elsewhere\r\n") : .status(200)
    }
    try await bench.clinic.patient(family: "First")
    _ = try await eventually { bench.receiver.requests.isEmpty ? nil : true }
    try await bench.clinic.patient(family: "Second")
    _ = try await bench.changes(2)
    let requests = bench.receiver.requests
    #expect(requests.allSatisfy { $0.target == "/hook" && $0.isSigned(by: bench.secret) })
    #expect(Set(requests.prefix(3).map { $0["webhook-id"] }).count == 1)
    #expect(Set(requests.prefix(3).map(\.body)).count == 1)
    #expect(requests[3]["webhook-id"] != requests[2]["webhook-id"])
    let delivery = try await eventually {
      try await bench.deliveries(.delivered).first {
        $0.webhookDeliveryID == requests[0]["webhook-id"]
      }
    }
    #expect(delivery.attempts.map(\.statusCode) == [500, 302, 200])
    #expect(delivery.attempts.map(\.failure) == [.status, .status, .unspecified])
    #expect(delivery.nextAttemptTime == nil && delivery.finishTime != nil)
  }

  @Test("dead letters: given up after the last attempt, passed over, and sent again by hand")
  func deadLetter() async throws {
    let isWell = Atomic(false)
    let bench = try await WebhookBench.make { _, request in
      let isFirst = String(decoding: request.body, as: UTF8.self).contains(#""created""#)
      return isFirst && !isWell.load(ordering: .relaxed) ? .status(503) : .status(200)
    }
    let patient = try await bench.clinic.patient()
    let dead = try await eventually { try await bench.deliveries(.dead).first }
    #expect(dead.attempts.map(\.statusCode) == [503, 503, 503])
    #expect(dead.attemptCount == 3 && dead.nextAttemptTime == nil && dead.finishTime != nil)
    #expect(try await bench.now().deadLetters == 1)
    _ = try await bench.clinic.admin.patients.archive(
      ArchivePatientRequest(patientID: patient.patientID))
    let next = try await eventually { try await bench.deliveries(.delivered).first }
    #expect(next.afterSequence == dead.sequence)
    #expect(try await bench.now().deadLetters == 0)
    let failed = try await bench.clinic.admin.webhooks.retryDelivery(
      RetryWebhookDeliveryRequest(webhookDeliveryID: dead.webhookDeliveryID))
    #expect(failed.delivery?.state == .dead)
    #expect(failed.delivery?.attempts.count == 4)
    isWell.store(true, ordering: .relaxed)
    let retried = try await bench.clinic.admin.webhooks.retryDelivery(
      RetryWebhookDeliveryRequest(webhookDeliveryID: dead.webhookDeliveryID))
    #expect(retried.delivery?.state == .delivered)
    #expect(bench.receiver.requests.last?["webhook-id"] == dead.webhookDeliveryID)
    let again = await failure {
      _ = try await bench.clinic.admin.webhooks.retryDelivery(
        RetryWebhookDeliveryRequest(webhookDeliveryID: dead.webhookDeliveryID))
    }
    #expect(again?.code == .failedPrecondition)
    #expect(try await bench.now().deliveredSequence == next.sequence)
  }

  @Test(
    "no more after dead letters in a row, or 410 Gone, until they are resumed",
    arguments: [(503, WebhookDisableReason.deadLetters), (410, .gone)])
  func disabled(status: Int, reason: WebhookDisableReason) async throws {
    let isWell = Atomic(false)
    let bench = try await WebhookBench.make { _, _ in
      .status(isWell.load(ordering: .relaxed) ? 200 : status)
    }
    try await bench.clinic.patient(family: "First")
    if status == 503 {
      _ = try await eventually { try await bench.deliveries(.dead).first }
      try await bench.clinic.patient(family: "Second")
    }
    let disabled = try await eventually {
      let webhook = try await bench.now()
      return webhook.state == .disabled ? webhook : nil
    }
    #expect(disabled.disableReason == reason)
    #expect(disabled.etag != bench.webhook.etag)
    let log = try await bench.clinic.admin.changes.list(
      ListChangesRequest(filter: ChangeFilter(recordTypes: ["webhook"]))
    ).changes
    #expect(log.first?.action == "disabled" && log.first?.actor == ActorMessage(kind: .server))
    let sent = bench.receiver.requests.count
    #expect(sent == (status == 503 ? 6 : 1))
    try await bench.clinic.patient(family: "Third")
    isWell.store(true, ordering: .relaxed)
    try await Task.sleep(for: .milliseconds(600))
    #expect(bench.receiver.requests.count == sent)
    let resumed = try await bench.clinic.admin.webhooks.resume(
      ResumeWebhookRequest(webhookID: bench.webhook.webhookID, etag: disabled.etag))
    #expect(resumed.webhook?.state == .active)
    #expect(resumed.webhook?.disableReason == .unspecified)
    let last = try await bench.patientChanges().last?.sequence
    _ = try await eventually { try await bench.now().deliveredSequence >= last ?? 0 ? true : nil }
    // What was refused with 410 comes first; what was given up is a dead letter.
    let after = try bench.receiver.requests.dropFirst(sent).flatMap {
      try $0.event.data?.changes ?? []
    }
    #expect(after.count == (status == 503 ? 1 : 2))
  }

  @Test("nothing while somebody paused them, and everything afterwards")
  func pause() async throws {
    let bench = try await WebhookBench.make()
    let paused = try await bench.clinic.admin.webhooks.pause(
      PauseWebhookRequest(webhookID: bench.webhook.webhookID))
    #expect(paused.webhook?.state == .paused)
    for number in 0..<3 { try await bench.clinic.patient(family: "Family \(number)") }
    try await Task.sleep(for: .milliseconds(600))
    #expect(bench.receiver.requests.isEmpty)
    // A ping is sent all the same.
    let ping = try await bench.clinic.admin.webhooks.test(
      TestWebhookRequest(webhookID: bench.webhook.webhookID))
    #expect(ping.acknowledged && ping.attempt?.statusCode == 204)
    #expect(try bench.receiver.requests.first?.event.type == "ping")
    #expect(bench.receiver.requests.first?.isSigned(by: bench.secret) == true)
    _ = try await bench.clinic.admin.webhooks.resume(
      ResumeWebhookRequest(webhookID: bench.webhook.webhookID))
    #expect(try await bench.changes(3).count == 3)
  }

  @Test("the log again from any entry on, and refuse one that it does not reach")
  func replay() async throws {
    let bench = try await WebhookBench.make()
    for number in 0..<5 { try await bench.clinic.patient(family: "Family \(number)") }
    let first = try await bench.changes(5)
    let from = first[2].sequence
    _ = try await eventually {
      try await bench.now().deliveredSequence >= first[4].sequence ? true : nil
    }
    let sent = bench.receiver.requests.count
    let replayed = try await bench.clinic.admin.webhooks.replay(
      ReplayWebhookRequest(webhookID: bench.webhook.webhookID, fromSequence: from))
    #expect(replayed.webhook?.deliveredSequence == from - 1)
    let again = try await eventually { () -> [ChangeEntry]? in
      let changes = try bench.receiver.requests.dropFirst(sent)
        .flatMap { try $0.event.data?.changes ?? [] }
      return changes.count >= 3 ? changes : nil
    }
    #expect(again.map(\.hash) == first[2...].map(\.hash))
    let ids = bench.receiver.requests.map { $0["webhook-id"] }
    #expect(Set(ids).count == ids.count)
    let ahead = await failure {
      _ = try await bench.clinic.admin.webhooks.replay(
        ReplayWebhookRequest(webhookID: bench.webhook.webhookID, fromSequence: 1_000_000))
    }
    #expect(ahead?.code == .outOfRange)
    let log = try await bench.clinic.admin.changes.list(
      ListChangesRequest(filter: ChangeFilter(recordTypes: ["webhook"])))
    #expect(log.changes.first?.action == "replayed")
  }

  @Test("with both secrets after a rotation, for as long as was asked")
  func rotation() async throws {
    let bench = try await WebhookBench.make()
    func ping() async throws -> HTTPReceiver.Request {
      _ = try await bench.clinic.admin.webhooks.test(
        TestWebhookRequest(webhookID: bench.webhook.webhookID))
      return try requireValue(bench.receiver.requests.last)
    }
    func rotate(_ minutes: Int32?) async throws -> RotateWebhookSecretResponse {
      try await bench.clinic.admin.webhooks.rotateSecret(
        RotateWebhookSecretRequest(
          webhookID: bench.webhook.webhookID, overlapMinutes: minutes))
    }
    let second = try await rotate(nil)
    let until = second.webhook?.previousSecretExpireTime?.seconds ?? 0
    #expect(abs(until - Int64(Date().timeIntervalSince1970) - 86_400) < 60)
    let both = try await ping()
    #expect(both.isSigned(by: bench.secret) && both.isSigned(by: second.secret))
    let third = try await rotate(2)
    let next = try await ping()
    #expect(!next.isSigned(by: bench.secret))
    #expect(next.isSigned(by: second.secret) && next.isSigned(by: third.secret))
    let id = try requireValue(UUID(uuidString: bench.webhook.webhookID))
    _ = try await bench.clinic.server.inspect(
      "update clinic.webhooks set previous_secret_until = now() where id = \(id) returning id")
    let alone = try await eventually { () -> HTTPReceiver.Request? in
      let request = try await ping()
      return request.isSigned(by: second.secret) ? nil : request
    }
    #expect(alone.isSigned(by: third.secret))
    let fourth = try await rotate(0)
    #expect(fourth.webhook?.previousSecretExpireTime == nil)
    let last = try await ping()
    #expect(!last.isSigned(by: third.secret) && last.isSigned(by: fourth.secret))
  }
}
