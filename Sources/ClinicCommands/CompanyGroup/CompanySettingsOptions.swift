internal import ArgumentParser

/// The options for the name and settings of a clinic.
struct CompanySettingsOptions: ParsableArguments {
  @Option(name: .long, help: "The clinic's name.") var name: String?
  @Option(name: .long, help: "The time zone, as Europe/London.") var timeZone: String?
  @Option(name: .customLong("currency"), help: ArgumentHelp("As GBP.", valueName: "code"))
  var currencyCode: String?
  @Option(name: .long, help: "Language and region for texts, as en-GB.") var locale: String?
  @Option(name: .customLong("country"), help: ArgumentHelp("As GB.", valueName: "code"))
  var countryCode: String?
  @Option(
    name: .customLong("open"),
    help: ArgumentHelp(
      "Opening hours, as 'mon-fri 09:00-17:30'. Repeat it; all others go.", valueName: "hours"))
  var openingHours: [String] = []

  init() {}

  func validate() throws {
    for text in openingHours where OpeningHoursText.json(text) == nil {
      throw ValidationError("'\(text)' are no opening hours as 'mon-fri 09:00-17:30'")
    }
  }

  /// Fields that the server gives.
  static let serverFields: Set<String> = [
    "company_id", "slug", "state", "suspension_reason", "create_time", "update_time", "etag"
  ]

  /// Adds the values of the options.
  func apply(to draft: inout MessageDraft) throws {
    for (path, text) in [
      ("name", name), ("settings.time_zone", timeZone), ("settings.currency_code", currencyCode),
      ("settings.locale", locale), ("settings.country_code", countryCode)
    ] { try draft.set(path, text) }
    if !openingHours.isEmpty {
      let path = try FieldPath("settings.opening_hours").resolved(in: draft.schema)
      draft.set(path, to: .array(openingHours.flatMap { OpeningHoursText.json($0) ?? [] }))
    }
  }
}
