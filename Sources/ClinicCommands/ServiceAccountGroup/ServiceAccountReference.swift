internal import ArgumentParser
internal import ClinicClient
internal import ClinicContracts

/// A service account, by name or id.
struct ServiceAccountReference: ParsableArguments {
  @Argument(help: "The service account, by name or id.")
  var account: String

  init() {}

  /// The account's id.
  func id(_ client: ClinicClient, _ context: CommandContext) async throws -> String {
    var names: [String] = []
    var token = ""
    repeat {
      let page = try await client.serviceAccounts.list(
        ListServiceAccountsRequest(pageSize: 1000, pageToken: token), options: context.callOptions)
      for known in page.serviceAccounts {
        let isMeant =
          known.serviceAccountID == account || known.name.lowercased() == account.lowercased()
        if isMeant { return known.serviceAccountID }
        names.append(known.name)
      }
      token = page.nextPageToken
    } while !token.isEmpty
    let nearest = Suggestions.nearest(to: account, among: names)
    throw CommandFailure.usage(
      "the clinic has no service account '\(account)'",
      hint: nearest.map { "did you mean '\($0)'?" } ?? "clinicctl service-account list shows them")
  }
}
