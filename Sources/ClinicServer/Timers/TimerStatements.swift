internal import PostgresClient

/// The statements of the timers.
enum TimerStatements {
  /// Sets the timer of a thing of the entered company; null for none.
  static let set = SQLStatement(
    "timers.set", "select clinic.set_timer($1::uuid, $2::text, $3::uuid, $4::timestamptz)")

  /// Takes timers of any company for a while: ids alone.
  static let claim = SQLStatement(
    "timers.claim",
    "select company_id, subject_id from clinic.claim_timers($1::text, $2::int4, $3::int4)")

  /// The microseconds until the next one.
  static let next = SQLStatement("timers.next", "select clinic.next_timer($1::text)")

  /// Takes a timer of the entered company out; false where it is not due any more.
  static let take = SQLStatement(
    "timers.take", "select clinic.take_timer($1::uuid, $2::text, $3::uuid)")

  /// Puts a timer of the entered company off, longer each time.
  static let postpone = SQLStatement(
    "timers.postpone", "select clinic.postpone_timer($1::uuid, $2::text, $3::uuid)")
}
