internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl calendar feed list`
struct CalendarFeedListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the feeds, the newest first.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Flag(name: .long, help: "With those that were revoked.")
  var revoked = false

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let columns = try await CalendarFeedCommand.columns(ClinicSchedule(client, context))
      try await context.printPages(
        page, "feeds", columns: columns, csv: CSVColumns(of: CalendarFeed.self)
      ) { token in
        let request = ListCalendarFeedsRequest(
          pageSize: page.size, pageToken: token, includeRevoked: revoked)
        return try await client.calendarFeeds.list(request, options: context.callOptions)
          .jsonValue()
      }
    }
  }
}

/// `clinicctl calendar feed create NAME`
struct CalendarFeedCreateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Makes a feed, and shows once the URL to subscribe to.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "What it is for, as 'Telephone of Dr Osei'.")
  var name: String

  @Option(
    name: .customLong("of"),
    help: ArgumentHelp("Whose calendar, by name or id.", valueName: "resource"))
  var resource: String

  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let feed = CalendarFeed(
        resourceID: try await schedule.resourceIDs([resource])[0], name: name)
      let reply = try await client.calendarFeeds.create(
        CreateCalendarFeedRequest(
          feed: feed, requestID: request.identifier(context),
          validateOnly: request.validateOnly), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "feed", columns: try await CalendarFeedCommand.columns(schedule))
      try request.noteCheck(context)
      guard !request.validateOnly, context.printer.format == .table else { return }
      guard !reply.path.isEmpty else {
        throw CommandFailure(
          "the feed was made by an earlier call, and its URL is shown once",
          hint: "revoke it, and create another")
      }
      try context.environment.output.write(
        "\nSubscribe to (shown only now): \(try context.url(of: reply.path))\n")
    }
  }
}

/// `clinicctl calendar feed revoke ID`
struct CalendarFeedRevokeCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Takes away what a feed's token can do, at once.")

  @OptionGroup var globals: GlobalOptions

  @Argument(help: "The feed's id.")
  var id: String

  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var request: RequestOptions

  func run(_ context: CommandContext) async throws {
    if !request.validateOnly {
      try context.confirm(
        "Revoke the feed \(id)? Whoever reads it will see no more of the calendar.",
        isAssumed: confirmation.yes)
    }
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let reply = try await client.calendarFeeds.revoke(
        RevokeCalendarFeedRequest(
          calendarFeedID: id, requestID: request.identifier(context),
          validateOnly: request.validateOnly), options: context.callOptions)
      try context.printer.printRecord(
        reply.jsonValue(), "feed", columns: try await CalendarFeedCommand.columns(schedule))
      try request.noteCheck(context)
    }
  }
}

/// `clinicctl calendar feed read`
struct CalendarFeedReadCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Shows a feed's calendar, as calendar programs read it.",
    discussion:
      "The token is read from standard input's first line: arguments can be seen by others.")

  @OptionGroup var globals: GlobalOptions

  func run(_ context: CommandContext) async throws {
    let token = try context.readPasswordLine()
    try await context.withClient { client in
      let reply = try await client.calendarFeeds.read(
        ReadCalendarFeedRequest(token: token), options: context.callOptions)
      guard context.printer.format == .table else {
        return try context.printer.print(reply.jsonValue())
      }
      try context.environment.output.write(reply.calendar)
    }
  }
}
