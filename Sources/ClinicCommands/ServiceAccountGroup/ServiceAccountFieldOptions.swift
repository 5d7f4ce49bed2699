internal import ArgumentParser
internal import ClinicContracts
internal import RPCCore

/// The options for the values of a service account.
struct ServiceAccountFieldOptions: ParsableArguments {
  @Option(name: .long, help: "The name, as 'Laboratory gateway'.") var name: String?
  @Option(name: .long, help: "What the account is for, and whom to ask about it.")
  var description: String?
  @OptionGroup var permissions: ServicePermissionOptions
  @Option(
    name: .customLong("certificate"),
    help: ArgumentHelp(
      "A client certificate (PEM) that the keys are bound to. Repeat it for several.",
      valueName: "file"), completion: .file(extensions: ["pem", "crt"]))
  var certificates: [String] = []

  init() {}

  /// Fields that the server gives.
  static let serverFields: Set<String> = [
    "service_account_id", "state", "create_time", "update_time", "etag"
  ]

  /// Adds the values of the options.
  func apply(to draft: inout MessageDraft) throws {
    try draft.set("name", name)
    try draft.set("description", description)
    if !permissions.names.isEmpty {
      draft.set(list: "permissions", to: permissions.names.map { .string($0) })
    }
    if !certificates.isEmpty {
      draft.set(
        list: "certificate_thumbprints",
        to: try certificates.map { .string(try CertificateFile.thumbprint($0)) })
    }
  }
}

/// The option for permissions of service accounts and their keys.
struct ServicePermissionOptions: ParsableArguments {
  /// The permissions that service accounts can have, sorted.
  static let all = ClinicContracts.permissions.filter { $0.audiences.contains(.clinic) }
    .map(\.name)

  @Option(
    name: .customLong("permission"),
    help: ArgumentHelp("A permission, as patients.read. Repeat it for several.", valueName: "name"),
    completion: .custom { _, _, _ in ServicePermissionOptions.all })
  var names: [String] = []

  init() {}

  func validate() throws {
    for name in names where !Self.all.contains(name) {
      let nearest = Suggestions.nearest(to: name, among: Self.all)
      throw ValidationError(
        "there is no permission '\(name)' for service accounts"
          + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
  }
}
