internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// `clinicctl waitlist offers`
struct WaitlistOffersCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "offers", abstract: "Lists the offers, the newest first.")

  @OptionGroup var globals: GlobalOptions
  @OptionGroup var page: PageOptions

  @Option(name: .long, help: ArgumentHelp("Only of this entry.", valueName: "id"))
  var entry: String?

  @Flag(name: .long, help: "Only those that can be accepted.")
  var open = false

  func run(_ context: CommandContext) async throws {
    try await context.withClient { client in
      let schedule = try await ClinicSchedule(client, context)
      let filter = WaitlistOfferFilter(
        waitlistEntryID: entry ?? "", state: open ? .open : .unspecified)
      let columns = try await WaitlistColumns(schedule).offers
      try await context.printPages(
        page, "offers", columns: columns, csv: CSVColumns(of: WaitlistOffer.self)
      ) { token in
        let request = ListWaitlistOffersRequest(
          pageSize: page.size, pageToken: token, filter: filter)
        return try await client.waitlist.listOffers(request, options: context.callOptions)
          .jsonValue()
      }
    }
  }
}
