import ClinicClient
import ClinicContracts
import Crypto
import Foundation
import ProtobufRuntime
import RPCCore
import TestSupport
import Testing

/// A clinic with a receiver of its own and an endpoint that leads to it.
struct WebhookBench {
  let clinic: TestClinic
  let receiver: HTTPReceiver
  let webhook: Webhook
  let secret: String

  static func make(
    types: [String] = ["patient"], in clinic: TestClinic? = nil,
    _ answering: @escaping HTTPReceiver.Answering = { _, _ in .status(204) }
  ) async throws -> WebhookBench {
    let clinic = if let clinic { clinic } else { try await TestClinic.make() }
    let receiver = try await HTTPReceiver(certificates: clinic.server.receivers, answering)
    let created = try await clinic.admin.webhooks.create(
      CreateWebhookRequest(
        webhook: Webhook(
          url: receiver.url(), description_p: "Test", recordTypes: types)))
    return WebhookBench(
      clinic: clinic, receiver: receiver, webhook: try requireValue(created.webhook),
      secret: created.secret)
  }

  /// The endpoint as it is now.
  func now() async throws -> Webhook {
    try requireValue(
      try await clinic.admin.webhooks.get(GetWebhookRequest(webhookID: webhook.webhookID)).webhook)
  }

  func deliveries(_ state: WebhookDeliveryState = .unspecified) async throws -> [WebhookDelivery] {
    try await clinic.admin.webhooks.listDeliveries(
      ListWebhookDeliveriesRequest(webhookID: webhook.webhookID, pageSize: 1_000, state: state)
    ).deliveries
  }

  /// The log's entries about patients.
  func patientChanges() async throws -> [ChangeEntry] {
    try await clinic.admin.changes.list(
      ListChangesRequest(
        pageSize: 1_000, filter: ChangeFilter(recordTypes: ["patient"]), order: .oldestFirst)
    ).changes
  }

  /// Waits until what a receiver was sent holds as many different changes.
  func changes(_ count: Int) async throws -> [ChangeEntry] {
    do {
      return try await eventually {
        let changes = try receiver.requests.flatMap { try $0.event.data?.changes ?? [] }
        return Set(changes.map(\.sequence)).count >= count ? changes : nil
      }
    } catch {
      let deliveries = try await deliveries()
      Issue.record("\(try await now()) \(deliveries)")
      throw error
    }
  }
}

extension HTTPReceiver.Request {
  /// What the body says.
  var event: WebhookEvent {
    get throws { try WebhookEvent(jsonUTF8: body) }
  }

  /// Whether a secret signed it, worked out as a receiver would, without the server's code.
  func isSigned(by secret: String) -> Bool {
    guard let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))) else {
      return false
    }
    let text = "\(self["webhook-id"]).\(self["webhook-timestamp"])."
    let code = HMAC<SHA256>.authenticationCode(
      for: Data(text.utf8) + Data(body), using: SymmetricKey(data: key))
    let expected = "v1," + Data(code).base64EncodedString()
    return self["webhook-signature"].split(separator: " ").contains { $0 == expected }
  }
}
