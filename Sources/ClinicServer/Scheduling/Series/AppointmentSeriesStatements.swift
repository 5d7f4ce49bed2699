internal import PostgresClient

/// The statements of series.
enum AppointmentSeriesStatements {
  /// The columns of a series, in the order that `AppointmentSeries.init(row:)` reads.
  private static let columns = """
    s.id, s.patient_id, \(AppointmentStatements.patientName), s.type_id, t.name, s.pattern, \
    s.resource_ids, s.length_minutes, s.reason, s.state, s.booked_through, s.previous_series_id, \
    s.created_at, s.updated_at, s.version, s.skip_conflicts, s.end_reason
    """

  private static let source = """
    clinic.appointment_series s \
    join clinic.patients p on p.company_id = s.company_id and p.id = s.patient_id \
    join clinic.appointment_types t on t.company_id = s.company_id and t.id = s.type_id
    """

  static let get = SQLStatement(
    "series.get",
    "select \(columns) from \(source) where s.company_id = $1::uuid and s.id = $2::uuid")

  /// Its key stays: whoever moves an appointment of the series refers to it meanwhile, and waits for
  /// an appointment that is locked after this.
  static let lock = SQLStatement(
    "series.lock",
    """
    select \(columns) from \(source) where s.company_id = $1::uuid and s.id = $2::uuid \
    for no key update of s
    """)

  /// The patterns of what has not ended.
  static let active = SQLStatement(
    "series.active",
    """
    select s.pattern from clinic.appointment_series s \
    where s.company_id = $1::uuid and s.state = 1
    """)

  static let list = SQLStatement(
    "series.list",
    """
    select \(columns) from \(source) where s.company_id = $1::uuid \
    and ($2::uuid is null or s.id < $2::uuid) \
    and ($3::uuid is null or s.patient_id = $3::uuid) \
    and ($4::int2 = 0 or s.state = $4::int2) order by s.id desc limit $5::int8
    """)

  static let insert = SQLStatement(
    "series.insert",
    """
    insert into clinic.appointment_series (company_id, id, patient_id, type_id, pattern, \
    resource_ids, length_minutes, reason, skip_conflicts, booked_through, previous_series_id) \
    values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::uuid[], $7::int4, $8::text, \
    $9::bool, $10::date, $11::uuid)
    """)

  static let update = SQLStatement(
    "series.update",
    """
    update clinic.appointment_series set pattern = $3::text, resource_ids = $4::uuid[], \
    length_minutes = $5::int4, reason = $6::text, state = $7::int2, booked_through = $8::date, \
    end_reason = $9::text, version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  /// A series' appointments by the occurrence that they are, the latest ones, without those that
  /// others took the place of.
  static let occurrences = SQLStatement(
    "series.occurrences",
    """
    select \(AppointmentStatements.columns) from \(AppointmentStatements.source) \
    where a.company_id = $1::uuid and a.series_id = $2::uuid and a.rescheduled_to_id is null \
    and a.recurrence_id is not null order by a.recurrence_id desc, a.id desc limit 1000
    """)

  /// Locks a series' appointments from an occurrence on, those too that others took the place of:
  /// of one that is being moved, this waits for the move.
  static let lockOccurrences = SQLStatement(
    "series.lock_occurrences",
    """
    select a.id from clinic.appointments a \
    where a.company_id = $1::uuid and a.series_id = $2::uuid \
    and a.recurrence_id >= $3::timestamptz order by a.recurrence_id, a.id for update
    """)

  /// As ``occurrences`` from one on, in order.
  static let occurrencesFrom = SQLStatement(
    "series.occurrences_from",
    """
    select \(AppointmentStatements.columns) from \(AppointmentStatements.source) \
    where a.company_id = $1::uuid and a.series_id = $2::uuid and a.rescheduled_to_id is null \
    and a.recurrence_id >= $3::timestamptz order by a.recurrence_id, a.id
    """)

  /// Has appointments belong to a series, and gives them its reason.
  static let adopt = SQLStatement(
    "series.adopt",
    """
    update clinic.appointments set series_id = $3::uuid, reason = $4::text, \
    version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = any($2::uuid[])
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    get, lock, active, list, insert, update, occurrences, lockOccurrences, occurrencesFrom, adopt
  ]
}
