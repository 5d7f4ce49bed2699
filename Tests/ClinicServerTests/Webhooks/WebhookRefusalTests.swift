import ClinicClient
import ClinicContracts
import Foundation
import PostgresClient
import ProtobufRuntime
import RPCCore
import TestSupport
import Testing

@Suite("Webhooks refuse")
struct WebhookRefusalTests {
  @Test(
    "addresses that are no partner's",
    arguments: [
      ("ftp://partner.example/", "FORMAT_URL"), ("partner.example/hook", "FORMAT_URL"),
      ("http://partner.example/", "URL_SCHEME"), ("http://10.0.0.1/", "URL_SCHEME"),
      ("https://user:pass@partner.example/", "FORMAT_URL"),
      ("https://partner.example/#part", "URL_PARTS"), ("https://partner.example:0/", "URL_PORT"),
      ("https://partner.example:65536/", "FORMAT_URL"),
      ("https://part%20ner.example/", "FORMAT_URL"),
      ("https://.example/", "FORMAT_URL"), ("https:///hook", "FORMAT_URL")
    ])
  func addresses(url: String, reason: String) async throws {
    let clinic = try await TestClinic.make()
    let error = await failure {
      _ = try await clinic.admin.webhooks.create(
        CreateWebhookRequest(webhook: Webhook(url: url)))
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.fieldViolations.map(\.field) == ["webhook.url"])
    #expect(error?.fieldViolations.first?.reason == reason, "\(String(describing: error))")
  }

  @Test(
    "answers that are none, and call them by their names",
    arguments: [
      ("redirect", WebhookFailure.status, 301), ("garbage", .badAnswer, 0),
      ("silence", .timeout, 0), ("close", .connection, 0), ("headers", .badAnswer, 0),
      ("drip", .timeout, 0), ("continue", .timeout, 0)
    ])
  func answers(kind: String, failure: WebhookFailure, status: Int32) async throws {
    let bench = try await WebhookBench.make { _, _ in
      switch kind {
      case "redirect": .status(301, headers: "location: http://169.254.169.254/\r\n")
      case "garbage": .bytes(Array("SSH-2.0-OpenSSH_9.9\r\n\r\n".utf8))
      case "close": .close
      case "headers":
        .bytes(Array(("HTTP/1.1 200 OK\r\n" + String(repeating: "a: b\r\n", count: 50_000)).utf8))
      case "drip": .endless(Array("H".utf8), every: .milliseconds(100))
      case "continue":
        .endless(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), every: .milliseconds(1))
      default: .silence
      }
    }
    let reply = try await bench.clinic.admin.webhooks.test(
      TestWebhookRequest(webhookID: bench.webhook.webhookID))
    #expect(!reply.acknowledged)
    // A first byte again and again is no HTTP either.
    let expected: [WebhookFailure] = kind == "drip" ? [.badAnswer, .timeout] : [failure]
    #expect(expected.contains(reply.attempt?.failure ?? .unspecified), "\(reply)")
    #expect(reply.attempt?.statusCode == status)
    #expect(bench.receiver.requests.count == 1)
  }

  @Test("to wait for a body: what was acknowledged is, however long the answer")
  func endlessBody() async throws {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    let chunk = "ffff\r\n" + String(repeating: "x", count: 0xFFFF) + "\r\n"
    let bench = try await WebhookBench.make { number, _ in
      .bytes(Array((head + (number == 0 ? chunk + chunk : "")).utf8))
    }
    for _ in 0..<2 {
      let reply = try await bench.clinic.admin.webhooks.test(
        TestWebhookRequest(webhookID: bench.webhook.webhookID))
      #expect(reply.acknowledged && reply.attempt?.statusCode == 200)
    }
  }

  @Test("certificates of others, names of nobody and ports where nobody listens")
  func connections() async throws {
    let clinic = try await TestClinic.make()
    // The server's own certificate is of an authority that vouches for no receiver.
    let cases: [(String, WebhookFailure)] = [
      ("https://127.0.0.1:\(clinic.server.port)/", .tls),
      ("https://no-such-host.invalid/", .nameNotFound),
      ("https://127.0.0.1:\(try FreePort.find())/", .connection)
    ]
    for (url, failure) in cases {
      let webhook = try await clinic.admin.webhooks.create(
        CreateWebhookRequest(webhook: Webhook(url: url, recordTypes: ["patient"]))
      ).webhook
      let reply = try await clinic.admin.webhooks.test(
        TestWebhookRequest(webhookID: webhook?.webhookID ?? ""))
      #expect(reply.attempt?.failure == failure, "\(url): \(reply)")
    }
  }

  @Test("callers who may not read the log, and give them no secret twice")
  func permissions() async throws {
    let clinic = try await TestClinic.make()
    let member = try await clinic.member(permissions: ["webhooks.write", "webhooks.read"])
    let request = CreateWebhookRequest(
      webhook: Webhook(url: "https://127.0.0.1:9/"),
      requestID: UUID().uuidString.lowercased())
    let refused = await failure { _ = try await member.webhooks.create(request) }
    #expect(refused?.code == .permissionDenied && refused?.reason == "PERMISSION_MISSING")
    let first = try await clinic.admin.webhooks.create(request)
    let second = try await clinic.admin.webhooks.create(request)
    #expect(first.secret.hasPrefix("whsec_"))
    #expect(second.webhook == first.webhook && second.secret.isEmpty)
    #expect(try await clinic.admin.webhooks.list(ListWebhooksRequest()).webhooks.count == 1)
    let rotation = RotateWebhookSecretRequest(
      webhookID: first.webhook?.webhookID ?? "", requestID: UUID().uuidString.lowercased())
    let rotated = try await clinic.admin.webhooks.rotateSecret(rotation)
    let again = try await clinic.admin.webhooks.rotateSecret(rotation)
    #expect(rotated.secret.hasPrefix("whsec_") && again.secret.isEmpty)
    #expect(again.webhook == rotated.webhook)
    let trial = try await clinic.admin.webhooks.create(
      request.with {
        $0.requestID = ""
        $0.validateOnly = true
      })
    #expect(trial.secret.isEmpty)
    let update = await failure {
      _ = try await member.webhooks.update(
        UpdateWebhookRequest(
          webhookID: first.webhook?.webhookID ?? "",
          webhook: Webhook(url: "https://127.0.0.1:9/other")))
    }
    #expect(update?.code == .permissionDenied)
  }

  @Test("to keep a secret anywhere in clear")
  func secrets() async throws {
    let bench = try await WebhookBench.make()
    let rotated = try await bench.clinic.admin.webhooks.rotateSecret(
      RotateWebhookSecretRequest(
        webhookID: bench.webhook.webhookID, requestID: UUID().uuidString.lowercased()))
    try await bench.clinic.patient()
    _ = try await bench.changes(1)
    for secret in [bench.secret, rotated.secret] {
      let key = try #require(Data(base64Encoded: String(secret.dropFirst(6))))
      let hex = key.map { String(format: "%02x", $0) }.joined()
      let text = String(secret.dropFirst(6))
      let textHex = text.utf8.map { String(format: "%02x", $0) }.joined()
      for table in ["webhooks", "webhook_deliveries", "changes", "requests", "timers", "reads"] {
        let rows = try await bench.clinic.server.inspect(
          """
          select count(*) from clinic.\(raw: table) t
          where t::text like '%' || \(text) || '%' or t::text like '%' || \(hex) || '%'
            or t::text like '%' || \(textHex) || '%'
          """)
        #expect(try rows[0].decode(0, as: Int64.self) == 0, "\(table)")
      }
      #expect(!"\(rotated)".contains(text))
    }
    let id = try #require(UUID(uuidString: bench.webhook.webhookID))
    let stored = try await bench.clinic.server.inspect(
      "select length(secret), length(previous_secret) from clinic.webhooks where id = \(id)")
    // A nonce, the key and a tag.
    #expect(try stored[0].decode(0, as: Int32.self) == 12 + 32 + 16)
    #expect(try stored[0].decode(1, as: Int32.self) == 12 + 32 + 16)
  }

  @Test("stale etags, unknown kinds of state, and more endpoints than a clinic may have")
  func limits() async throws {
    let clinic = try await TestClinic.make()
    let webhook = try requireValue(
      try await clinic.admin.webhooks.create(
        CreateWebhookRequest(webhook: Webhook(url: "https://127.0.0.1:9/"))
      ).webhook)
    let changed = try await clinic.admin.webhooks.update(
      UpdateWebhookRequest(
        webhookID: webhook.webhookID,
        webhook: Webhook(description_p: "Billing", recordTypes: ["patient"], etag: webhook.etag)))
    #expect(changed.webhook?.description_p == "Billing")
    #expect(changed.webhook?.recordTypes == ["patient"])
    #expect(changed.webhook?.url == webhook.url)
    let stale = await failure {
      _ = try await clinic.admin.webhooks.delete(
        DeleteWebhookRequest(webhookID: webhook.webhookID, etag: webhook.etag))
    }
    #expect(stale?.code == .aborted)
    let active = await failure {
      _ = try await clinic.admin.webhooks.resume(
        ResumeWebhookRequest(webhookID: webhook.webhookID))
    }
    #expect(active?.code == .failedPrecondition)
    for _ in 1..<20 {
      _ = try await clinic.admin.webhooks.create(
        CreateWebhookRequest(webhook: Webhook(url: "https://127.0.0.1:9/")))
    }
    let many = await failure {
      _ = try await clinic.admin.webhooks.create(
        CreateWebhookRequest(webhook: Webhook(url: "https://127.0.0.1:9/")))
    }
    #expect(many?.code == .failedPrecondition)
    var (listed, token): ([String], String) = ([], "")
    repeat {
      let page = try await clinic.admin.webhooks.list(
        ListWebhooksRequest(pageSize: 7, pageToken: token))
      listed += page.webhooks.map(\.webhookID)
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(listed.count == 20 && listed == listed.sorted().reversed())
    _ = try await clinic.admin.webhooks.delete(
      DeleteWebhookRequest(webhookID: webhook.webhookID, etag: changed.webhook?.etag ?? ""))
    let gone = await failure {
      _ = try await clinic.admin.webhooks.get(GetWebhookRequest(webhookID: webhook.webhookID))
    }
    #expect(gone?.code == .notFound)
  }
}
