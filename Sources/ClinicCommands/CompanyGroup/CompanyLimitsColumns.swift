/// How a clinic's limits are shown.
enum CompanyLimitsColumns {
  /// The lines of a record.
  static let record =
    [TableColumn("Id", "companyId"), TableColumn("Weight", "weight")]
    + ["clinic", "account"].flatMap { scope in
      [
        rate("Calls a second, \(scope)", "\(scope).calls"),
        rate("Cost a second, \(scope)", "\(scope).cost"),
        TableColumn("Calls a day, \(scope)", "\(scope).callsPerDay"),
        TableColumn("Cost a day, \(scope)", "\(scope).costPerDay")
      ]
    } + [TableColumn("Changed", "updateTime"), TableColumn("Etag", "etag")]

  private static func rate(_ title: String, _ path: String) -> TableColumn {
    TableColumn(title) { limits in
      guard let rate = limits.value(at: path), let perSecond = rate["perSecond"]?.scalarText else {
        return ""
      }
      return rate["burst"]?.scalarText.map { "\(perSecond), \($0) at once" } ?? perSecond
    }
  }
}
