/// How a clinic's limits are shown.
enum CompanyLimitsColumns {
  /// The lines of a record.
  static let record =
    [TableColumn("Id", "companyId"), TableColumn("Weight", "weight")]
    + ["clinic", "account"].flatMap { UsageLimitsColumns.record($0, whose: $0) }
    + [TableColumn("Changed", "updateTime"), TableColumn("Etag", "etag")]
}
