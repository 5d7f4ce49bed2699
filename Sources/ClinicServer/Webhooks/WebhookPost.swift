internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import RPCTransport

/// Posts messages to endpoints, outside of any transaction.
struct WebhookPost: Sendable {
  let poster: HTTPPoster
  let settings: WebhookSettings

  /// Posts a message, and tells what it came to; nil where the server stops meanwhile.
  func send(_ message: WebhookMessage) async -> WebhookAttempt? {
    let now = PostgresTimestamp.now
    var attempt = WebhookAttempt(attemptTime: Timestamp(now))
    let start = ContinuousClock.now
    do throws(HTTPPostError) {
      let status = try await poster.post(
        HTTPPost(
          host: message.address.host, port: message.address.port,
          isSecure: message.address.isSecure, target: message.address.target,
          authority: message.address.authority,
          headers: message.headers(at: now.unixSeconds), body: message.body,
          deadline: .after(settings.timeout)))
      attempt.statusCode = Int32(clamping: status)
      if !(200...299).contains(status) { attempt.failure = .status }
    } catch {
      guard !Task.isCancelled else { return nil }
      attempt.failure = WebhookFailure(error.kind)
      attempt.detail = String(error.detail.prefix(200))
    }
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    attempt.durationMs = Int32(clamping: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    return attempt
  }
}

extension WebhookFailure {
  fileprivate init(_ kind: HTTPPostError.Kind) {
    self =
      switch kind {
      case .nameNotFound: .nameNotFound
      case .addressRefused: .addressRefused
      case .connection: .connection
      case .tls: .tls
      case .timeout: .timeout
      case .badAnswer: .badAnswer
      }
  }
}
