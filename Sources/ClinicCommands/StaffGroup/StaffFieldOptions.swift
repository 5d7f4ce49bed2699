internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// The options for the values of an account.
struct StaffFieldOptions: ParsableArguments {
  @Option(name: .long, help: "The e-mail address, which is the login name.") var email: String?
  @Option(name: .customLong("name"), help: "The name that colleagues and patients see.")
  var displayName: String?
  @Option(name: .long, help: "What the person does, as 'Practice nurse'.") var jobTitle: String?
  @Option(name: .long, help: "The telephone number.") var phone: String?
  @Option(
    name: .customLong("role"),
    help: ArgumentHelp("A role, by name or id. Repeat it for several.", valueName: "role"))
  var roles: [String] = []

  init() {}

  /// Fields that the server gives.
  static let serverFields: Set<String> = [
    "staff_id", "state", "must_change_password", "last_login_time", "create_time", "update_time",
    "etag"
  ]

  /// Adds the values of the options, with the ids of the roles.
  func apply(to draft: inout MessageDraft, roleIDs: [String]) throws {
    for (path, text) in [
      ("email", email), ("display_name", displayName), ("job_title", jobTitle), ("phone", phone)
    ] { try draft.set(path, text) }
    if !roleIDs.isEmpty { draft.set(list: "role_ids", to: roleIDs.map { .string($0) }) }
  }

  /// The ids of the roles that the options name.
  func roleIDs(_ client: ClinicClient, context: CommandContext) async throws -> [String] {
    guard !roles.isEmpty else { return [] }
    let known = try await Self.allRoles(client, context: context)
    return try roles.map { wanted in
      if let role = known.first(where: {
        $0.roleID == wanted || $0.name.lowercased() == wanted.lowercased()
      }) {
        return role.roleID
      }
      let nearest = Suggestions.nearest(to: wanted, among: known.map(\.name))
      throw CommandFailure.usage(
        "the clinic has no role '\(wanted)'",
        hint: nearest.map { "did you mean '\($0)'?" } ?? "clinicctl role list shows them")
    }
  }

  private static func allRoles(
    _ client: ClinicClient, context: CommandContext
  ) async throws -> [Role] {
    var roles: [Role] = []
    var token = ""
    repeat {
      let reply = try await client.roles.list(
        ListRolesRequest(pageSize: 1000, pageToken: token), options: context.callOptions)
      roles += reply.roles
      token = reply.nextPageToken
    } while !token.isEmpty
    return roles
  }
}
