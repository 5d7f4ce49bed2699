internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts
internal import RPCCore

/// `clinicctl login`
struct LoginCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "login", abstract: "Logs in, and keeps the profile and the session.",
    discussion: """
      clinicctl login --server localhost:7443 --company demo --email admin@demo.example

      What the profile says already need not be said again. Where --server or --company lead \
      elsewhere than the profile in use, it stays as it is, and the login is kept in a profile \
      named after the clinic, unless --profile names one. The password is asked for without \
      showing it, or read from standard input with --password-stdin.
      """)

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var place: LoginPlaceOptions

  @Flag(name: .long, help: "Read the password from standard input's first line.")
  var passwordStdin = false

  func run(_ context: CommandContext) async throws {
    let store = context.environment.profiles
    let target = try target(context)
    let name = target.name
    var profile = try place.applied(to: target.profile, folder: currentFolder())
    guard profile.apiKeyFile == nil else {
      throw CommandFailure.usage(
        "the profile '\(name)' calls with an API key and does not log in",
        hint: "pass --profile NAME for another")
    }
    profile.company = try profile.company ?? ask("Clinic", option: "--company", context)
    profile.email = try profile.email ?? ask("E-mail address", option: "--email", context)
    let password =
      passwordStdin
      ? try context.readPasswordLine() : try context.environment.askSecret("Password: ")
    let wanted = profile
    // A profile that never worked is not kept.
    let isNew = try store.profile(name) == nil
    if isNew { try store.makeFolder(of: name) }
    do {
      let reply = try await context.withClient(of: wanted, named: name) { client in
        try await client.login(
          company: wanted.company ?? "", email: wanted.email ?? "", password: password,
          clientName: "clinicctl on \(HostName.current)")
      }
      try store.save(wanted, as: name)
      try show(reply, name: name, context: context)
      if let kept = target.kept {
        try context.note(
          "The profile '\(kept)' stays as it is, and in use: pass --profile \(name) to work here, "
            + "or run clinicctl profile use \(name)")
      }
    } catch {
      if isNew { _ = try? store.remove(name) }
      if var failure = error as? CallFailure, failure.error.code == .unauthenticated {
        failure.hint = "check the clinic, the e-mail address and the password"
        throw failure
      }
      throw error
    }
  }

  /// The profile to log in to.
  private struct Target {
    var name: String
    /// What it says so far.
    var profile: Profile?
    /// The profile in use, where that leads elsewhere.
    var kept: String?
  }

  /// The profile that is named, or in use and leads to the same clinic, else one called after the
  /// clinic.
  private func target(_ context: CommandContext) throws -> Target {
    let store = context.environment.profiles
    guard
      let chosen = try store.selectedName(
        option: context.profileOption, variables: context.environment.variables)
    else {
      let name = place.company.flatMap { ProfileStore.isValid(name: $0) ? $0 : nil } ?? "default"
      return Target(name: name, profile: try store.profile(name))
    }
    let profile = try store.profile(chosen)
    guard context.profileOption == nil, let profile, place.leadsAway(from: profile) else {
      return Target(name: chosen, profile: profile)
    }
    let basis = place.basis(from: profile)
    let servers = place.server.isEmpty ? basis.servers : place.server
    // Another server's clinic may have the same short name.
    let clinic = basis.company ?? "default"
    let host = (servers.first ?? "").split(separator: ":").dropLast().joined(separator: "-")
      .filter { $0.isLetter || $0.isNumber || "-.".contains($0) }
    for name in [clinic, "\(clinic)-\(host)"] where ProfileStore.isValid(name: name) {
      guard let there = try store.profile(name) else {
        return Target(name: name, profile: basis, kept: chosen)
      }
      if there.company == basis.company, Set(there.servers) == Set(servers) {
        return Target(name: name, profile: there, kept: chosen)
      }
    }
    throw CommandFailure.usage(
      "the profile '\(chosen)' leads to another clinic or server", hint: "pass --profile NAME")
  }

  private func ask(_ prompt: String, option: String, _ context: CommandContext) throws -> String {
    guard !passwordStdin, context.environment.input.isTerminal else {
      throw CommandFailure.usage("nothing says whom to log in", hint: "pass \(option)")
    }
    try context.environment.errors.write(prompt + ": ")
    guard let answer = try context.environment.input.readLine(), !answer.isEmpty else {
      throw CommandFailure.usage("nothing says whom to log in", hint: "pass \(option)")
    }
    return answer
  }

  private func show(_ reply: LoginResponse, name: String, context: CommandContext) throws {
    if context.printer.format == .table {
      try context.note(
        "Logged in as \(reply.staff?.displayName ?? "") at \(reply.company?.name ?? "") "
          + "(profile '\(name)').")
    } else {
      var shown = reply
      // The tokens are the tool's secret.
      shown.credentials = nil
      try context.printer.print(shown.jsonValue())
    }
    if reply.staff?.mustChangePassword == true {
      try context.note(
        "The password must be changed: run clinicctl change-password --profile \(name)")
    }
  }
}
