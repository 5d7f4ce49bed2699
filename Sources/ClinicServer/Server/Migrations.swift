internal import PostgresClient

/// The migrations of this version, embedded in the binary.
enum Migrations {
  /// Roles, schema and extensions.
  static var bootstrap: String {
    String(decoding: PackageResources._000_bootstrap_sql, as: UTF8.self)
  }

  /// Settings of the sessions that apply them: as the owner, in the owner's schema.
  static let sessionSettings = ["role": "clinic_owner", "search_path": "clinic, public"]

  /// Applies the numbered migrations.
  static func migrator() throws -> Migrator {
    let files: [(String, [UInt8])] = [
      ("0001_tenancy.sql", PackageResources._001_tenancy_sql),
      ("0002_staff.sql", PackageResources._002_staff_sql),
      ("0003_patients.sql", PackageResources._003_patients_sql),
      ("0004_patient_lists.sql", PackageResources._004_patient_lists_sql),
      ("0005_scheduling.sql", PackageResources._005_scheduling_sql),
      ("0006_notes.sql", PackageResources._006_notes_sql),
      ("0007_series.sql", PackageResources._007_series_sql),
      ("0008_numbers_and_tokens.sql", PackageResources._008_numbers_and_tokens_sql),
      ("0009_timers.sql", PackageResources._009_timers_sql),
      ("0010_webhooks.sql", PackageResources._010_webhooks_sql),
      ("0011_service_accounts.sql", PackageResources._011_service_accounts_sql),
      ("0012_scheduling_rules.sql", PackageResources._012_scheduling_rules_sql),
      ("0013_quotas.sql", PackageResources._013_quotas_sql),
      ("0014_hardening.sql", PackageResources._014_hardening_sql),
      ("0015_exact_words.sql", PackageResources._015_exact_words_sql),
      ("0016_booking_rules.sql", PackageResources._016_booking_rules_sql),
      ("0017_key_limits.sql", PackageResources._017_key_limits_sql),
      ("0018_scheduling_races.sql", PackageResources._018_scheduling_races_sql)
    ]
    return try Migrator(
      files.map {
        try Migration(fileName: $0.0, contents: String(decoding: $0.1, as: UTF8.self))
      })
  }
}
