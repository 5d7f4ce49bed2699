internal import ArgumentParser

/// The options for the values of a webhook.
struct WebhookFieldOptions: ParsableArguments {
  @Option(name: .long, help: "Where to: an https URL.") var url: String?
  @Option(name: .long, help: "What it is for.") var description: String?
  @Option(
    name: .customLong("kind"),
    help: ArgumentHelp(
      "A kind of record whose changes are sent, as patient. Repeat it for several; without it, all.",
      valueName: "kind"))
  var kinds: [String] = []

  init() {}

  /// Fields that the server gives.
  static let serverFields: Set<String> = [
    "webhook_id", "state", "disable_reason", "delivered_sequence", "failed_attempts",
    "dead_letters", "next_attempt_time", "previous_secret_expire_time", "creator",
    "create_time", "update_time", "etag"
  ]

  /// Adds the values of the options.
  func apply(to draft: inout MessageDraft) throws {
    try draft.set("url", url)
    try draft.set("description", description)
    if !kinds.isEmpty { draft.set(list: "record_types", to: kinds.map { .string($0) }) }
  }
}
