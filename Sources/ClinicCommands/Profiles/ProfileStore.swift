/// The user's profiles on disk: a folder for each, with `profile.json`, `credentials.json` and the
/// lock that guards the credentials, beside a file that names the profile in use.
package struct ProfileStore: Sendable {
  /// The folder that holds everything.
  package let home: String

  package init(home: String) {
    self.home = home
  }

  /// The folder that the environment's variables point to: `CLINICCTL_HOME`, else
  /// `XDG_CONFIG_HOME/clinicctl`, else `~/.config/clinicctl`.
  package static func home(variables: [String: String]) -> String {
    if let home = variables["CLINICCTL_HOME"], !home.isEmpty { return home }
    if let config = variables["XDG_CONFIG_HOME"], config.hasPrefix("/") {
      return config + "/clinicctl"
    }
    return (variables["HOME"] ?? "") + "/.config/clinicctl"
  }

  private var profilesFolder: String { home + "/profiles" }
  private var currentFile: String { home + "/current" }

  /// The folder of a profile.
  package func folder(of name: String) -> String { profilesFolder + "/" + name }

  /// The file of a profile's credentials.
  package func credentialsFile(of name: String) -> String { folder(of: name) + "/credentials.json" }

  /// The lock of a profile's credentials.
  package func lockFile(of name: String) -> String { folder(of: name) + "/lock" }

  private func profileFile(of name: String) -> String { folder(of: name) + "/profile.json" }

  /// Whether a profile may be called so: letters, digits, `-`, `_` and `.`, 1 to 64, not a dot
  /// first.
  package static func isValid(name: String) -> Bool {
    let letters = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
    return letters && (1...64).contains(name.utf8.count) && name.first != "."
  }

  private static func check(name: String) throws(CommandFailure) {
    guard isValid(name: name) else {
      throw .usage("'\(name)' cannot name a profile: use letters, digits, '-', '_' and '.'")
    }
  }

  /// The names of all profiles, sorted.
  package func names() -> [String] {
    PrivateFiles.names(in: profilesFolder).filter { name in
      Self.isValid(name: name) && PrivateFiles.mode(profileFile(of: name)) != nil
    }
  }

  /// The profile called `name`; nil where there is none.
  package func profile(_ name: String) throws -> Profile? {
    try Self.check(name: name)
    guard let text = try PrivateFiles.read(profileFile(of: name), isSecret: false) else {
      return nil
    }
    do {
      return try Profile(json: JSONValue(parsing: text))
    } catch let error as JSONSyntaxError {
      throw CommandFailure("\(profileFile(of: name)) is not JSON: \(error)")
    }
  }

  /// Writes a profile; the first one becomes the one in use.
  package func save(_ profile: Profile, as name: String) throws {
    try Self.check(name: name)
    try makeFolder(of: name)
    try PrivateFiles.replace(profileFile(of: name), with: profile.json.prettyText + "\n")
    if current() == nil { try use(name) }
  }

  /// Makes the folder of a profile.
  package func makeFolder(of name: String) throws {
    try Self.check(name: name)
    try PrivateFiles.makeFolder(home, isOurs: false)
    try PrivateFiles.makeFolder(profilesFolder)
    try PrivateFiles.makeFolder(folder(of: name))
  }

  /// Deletes a profile with its credentials; false where there was none.
  package func remove(_ name: String) throws -> Bool {
    try Self.check(name: name)
    try PrivateFiles.delete(credentialsFile(of: name))
    let existed = try PrivateFiles.delete(profileFile(of: name))
    try PrivateFiles.delete(lockFile(of: name))
    PrivateFiles.removeFolder(folder(of: name))
    if current() == name { try PrivateFiles.delete(currentFile) }
    return existed
  }

  /// The name of the profile in use; nil where none is.
  package func current() -> String? {
    guard let text = try? PrivateFiles.read(currentFile, isSecret: false) else { return nil }
    let name = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return Self.isValid(name: name) ? name : nil
  }

  /// Makes `name` the profile in use.
  package func use(_ name: String) throws {
    try Self.check(name: name)
    try PrivateFiles.makeFolder(home, isOurs: false)
    try PrivateFiles.replace(currentFile, with: name + "\n")
  }

  /// The name of the profile that a command works with: the one it names, else
  /// `CLINICCTL_PROFILE`, else the one in use, else the only one.
  package func selectedName(option: String?, variables: [String: String]) throws -> String? {
    if let name = option ?? variables["CLINICCTL_PROFILE"].flatMap({ $0.isEmpty ? nil : $0 }) {
      try Self.check(name: name)
      return name
    }
    if let current = current() { return current }
    let names = names()
    return names.count == 1 ? names[0] : nil
  }

  /// The profile that a command works with.
  ///
  /// - Throws: ``CommandFailure`` where there is no such profile.
  package func selected(
    option: String?, variables: [String: String]
  ) throws -> (name: String, profile: Profile) {
    guard let name = try selectedName(option: option, variables: variables) else {
      throw CommandFailure(
        "no profile is chosen", status: .usage,
        hint: names().isEmpty
          ? "run clinicctl login --server HOST:PORT --company NAME --email ADDRESS"
          : "pass --profile NAME, or run clinicctl profile use NAME; there are "
            + names().joined(separator: ", "))
    }
    if let profile = try profile(name) { return (name, profile) }
    let nearest = Suggestions.nearest(to: name, among: names())
    throw CommandFailure(
      "there is no profile '\(name)'", status: .usage,
      hint: nearest.map { "did you mean '\($0)'?" }
        ?? "run clinicctl login --profile \(name) --server HOST:PORT --company NAME --email ADDRESS"
    )
  }
}
