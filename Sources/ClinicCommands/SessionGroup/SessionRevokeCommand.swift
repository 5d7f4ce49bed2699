internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl session revoke`
struct SessionRevokeCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Ends a session, or all sessions of an account.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The session's id. Without one, all sessions of the account.")
  var id: String?

  @Option(name: .customLong("staff"), help: ArgumentHelp("The account's id.", valueName: "id"))
  var staffID: String?

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var request: RequestOptions

  func validate() throws {
    if id == nil, staffID == nil {
      throw ValidationError("name a session, or an account with --staff")
    }
  }

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      let what = id.map { "the session \($0)" } ?? "all sessions of the account \(staffID ?? "")"
      try context.confirm("End \(what)?", isAssumed: confirmation.yes)
    }
    let requestID = request.identifier(context)
    try await context.withClient { client in
      guard let staffID else {
        let reply = try await client.auth.revokeSession(
          RevokeSessionRequest(
            sessionID: id ?? "", requestID: requestID, validateOnly: request.validateOnly),
          options: context.callOptions)
        return try show(reply.jsonValue(), text: "Ended.", context: context)
      }
      let reply = try await client.auth.revokeStaffSessions(
        RevokeStaffSessionsRequest(
          staffID: staffID, sessionID: id ?? "", requestID: requestID,
          validateOnly: request.validateOnly),
        options: context.callOptions)
      try show(
        reply.jsonValue(keepsDefaults: true), text: "Ended \(reply.revokedCount) sessions.",
        context: context)
    }
  }

  private func show(_ reply: JSONValue, text: String, context: CommandContext) throws {
    if context.printer.format == .table {
      try context.note(request.validateOnly ? "Nothing was changed." : text)
    } else {
      try context.printer.print(reply)
    }
  }
}
