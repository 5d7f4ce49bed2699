internal import ArgumentParser

/// The options for the values of a role.
struct RoleFieldOptions: ParsableArguments {
  @Option(name: .long, help: "The name.") var name: String?
  @Option(name: .long, help: "What the role is for.") var description: String?
  @Option(
    name: .customLong("permission"),
    help: ArgumentHelp("A permission, as patients.read. Repeat it for several.", valueName: "name"),
    completion: .custom { _, _, _ in PermissionNames.all })
  var permissions: [String] = []

  init() {}

  func validate() throws {
    for permission in permissions where !PermissionNames.all.contains(permission) {
      let nearest = Suggestions.nearest(to: permission, among: PermissionNames.all)
      throw ValidationError(
        "there is no permission '\(permission)'"
          + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
  }

  /// Fields that the server gives.
  static let serverFields: Set<String> = [
    "role_id", "built_in", "create_time", "update_time", "etag"
  ]

  /// Adds the values of the options.
  func apply(to draft: inout MessageDraft) throws {
    try draft.set("name", name)
    try draft.set("description", description)
    if !permissions.isEmpty {
      draft.set(list: "permissions", to: permissions.map { .string($0) })
    }
  }
}
