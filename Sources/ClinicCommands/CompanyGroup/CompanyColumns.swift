/// How clinics are shown.
enum CompanyColumns {
  /// The columns of a list.
  static let list = [
    TableColumn("Id", "companyId", isFlexible: false), TableColumn("Slug", "slug"),
    TableColumn("Name", "name"), TableColumn("State", "state"),
    TableColumn("Created", "createTime")
  ]

  /// The lines of a record.
  static let record = [
    TableColumn("Id", "companyId"), TableColumn("Slug", "slug"), TableColumn("Name", "name"),
    TableColumn("State", "state"), TableColumn("Suspended for", "suspensionReason"),
    TableColumn("Time zone", "settings.timeZone"),
    TableColumn("Currency", "settings.currencyCode"), TableColumn("Locale", "settings.locale"),
    TableColumn("Country", "settings.countryCode"),
    TableColumn("Opening hours") { company in
      (company.value(at: "settings.openingHours")?.elements ?? []).map(openingHours)
        .joined(separator: "\n")
    },
    TableColumn("Created", "createTime"), TableColumn("Changed", "updateTime"),
    TableColumn("Etag", "etag")
  ]

  private static func openingHours(_ hours: JSONValue) -> String {
    let day = DisplayText.of(hours["dayOfWeek"] ?? .null)
    return "\(day) \(time(hours["opens"]))–\(time(hours["closes"]))"
  }

  private static func time(_ value: JSONValue?) -> String {
    let parts = ["hours", "minutes"].map { value?[$0]?.scalarText ?? "0" }
    return parts.map { $0.count < 2 ? "0" + $0 : $0 }.joined(separator: ":")
  }
}
