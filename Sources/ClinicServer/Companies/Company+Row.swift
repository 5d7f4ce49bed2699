internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension Company {
  /// A company from the columns of `CompanyStatements.columns`.
  init(row: PostgresRow) throws {
    let hours = try row.decode(9, as: PostgresJSON.self).text
    var settings = try CompanySettings(jsonString: "{\"openingHours\":\(hours)}")
    settings.timeZone = try row.decode(5)
    settings.currencyCode = try row.decode(6)
    settings.locale = try row.decode(7)
    settings.countryCode = try row.decode(8)
    let scheduling = try row.decode(13, as: PostgresJSON.self).text
    if scheduling != "{}" { settings.scheduling = try SchedulingPolicy(jsonString: scheduling) }
    self.init(
      companyID: try row.decode(0, as: UUID.self).text,
      slug: try row.decode(1), name: try row.decode(2),
      state: CompanyState(rawValue: Int32(try row.decode(3, as: Int16.self))),
      suspensionReason: try row.decode(4), settings: settings,
      createTime: Timestamp(try row.decode(10, as: PostgresTimestamp.self)),
      updateTime: Timestamp(try row.decode(11, as: PostgresTimestamp.self)),
      etag: Etag.text(version: try row.decode(12)))
  }

  /// Moves the version and the time of the last change as the database will.
  mutating func touch(at now: PostgresTimestamp) {
    etag = Etag.next(after: etag)
    updateTime = Timestamp(now)
  }
}

extension CompanySettings {
  /// The opening hours as the JSON that the database keeps.
  func openingHoursJSON() throws -> PostgresJSON {
    PostgresJSON("[" + (try openingHours.map { try $0.jsonString() }).joined(separator: ",") + "]")
  }

  /// The scheduling policy as the JSON that the database keeps.
  func schedulingJSON() throws -> PostgresJSON {
    PostgresJSON(try scheduling?.jsonString() ?? "{}")
  }

  /// The settings with the platform's defaults where they say nothing.
  var withDefaults: CompanySettings {
    var settings = self
    if settings.timeZone.isEmpty { settings.timeZone = "Europe/London" }
    if settings.currencyCode.isEmpty { settings.currencyCode = "GBP" }
    if settings.locale.isEmpty { settings.locale = "en-GB" }
    if settings.countryCode.isEmpty { settings.countryCode = "GB" }
    return settings
  }
}
