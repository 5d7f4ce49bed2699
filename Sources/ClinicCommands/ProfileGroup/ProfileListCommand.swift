internal import ArgumentParser

/// `clinicctl profile list`
struct ProfileListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the profiles.")

  @OptionGroup package var globals: GlobalOptions

  init() {}

  func run(_ context: CommandContext) async throws {
    let store = context.environment.profiles
    let selected = try store.selectedName(
      option: context.profileOption, variables: context.environment.variables)
    var profiles: [JSONValue] = []
    for name in store.names() {
      guard let profile = try store.profile(name) else { continue }
      var json: JSONValue = ["name": .string(name), "current": .bool(name == selected)]
      for member in profile.json.members { json.set(member.name, to: member.value) }
      json.set("loggedIn", to: .bool(PrivateFiles.mode(store.credentialsFile(of: name)) != nil))
      profiles.append(json)
    }
    try context.printer.printList(
      ["profiles": .array(profiles)], "profiles",
      columns: [
        TableColumn("", isFlexible: false) { $0["current"] == .bool(true) ? "*" : "" },
        TableColumn("Name", "name", isFlexible: false), TableColumn("Server", "servers"),
        TableColumn("Clinic", "company"),
        TableColumn("Account") { $0["email"]?.text ?? ($0["apiKeyFile"] == nil ? "" : "API key") },
        TableColumn("Logged in") { $0["loggedIn"] == .bool(true) ? "yes" : "no" }
      ],
      csv: CSVColumns([
        "name", "current", "servers", "certificateAuthority", "serverName", "company", "email",
        "apiKeyFile", "clientCertificate", "clientKey", "loggedIn"
      ]))
  }
}
