internal import PostgresClient

/// The statements of the appointments slice.
enum AppointmentStatements {
  /// A hold that ended is cancelled, whether or not anything has swept it yet.
  private static let isExpired = "(a.status = 2 and a.hold_expires_at <= now())"

  /// The status as callers see it.
  static let status = "case when \(isExpired) then 9::int2 else a.status end"

  /// A patient's name as calendars show it.
  static let patientName = """
    case when p.name_text <> '' then p.name_text else concat_ws(' ', nullif(p.given, ''), \
    nullif(p.family, '')) end
    """

  /// The columns of an appointment, in the order that `Appointment.init(row:)` reads.
  static let columns = """
    a.id, a.patient_id, \(patientName), a.type_id, t.name, a.starts_at, a.ends_at, \(status), \
    array(select ar.resource_id from clinic.appointment_resources ar \
    where ar.company_id = a.company_id and ar.appointment_id = a.id order by ar.position), \
    a.reason, a.hold_expires_at, \
    case when \(isExpired) then 3::int2 else a.cancelled_by end, \
    case when \(isExpired) then 14::int2 else a.cancellation_reason end, \
    a.cancellation_note, a.cancelled_late, \
    case when \(isExpired) then a.hold_expires_at else a.cancelled_at end, a.overbook_reason, \
    a.rescheduled_from_id, a.rescheduled_to_id, a.series_id, a.recurrence_id, \
    case when \(isExpired) then a.hold_expires_at else a.status_at end, a.confirmed_at, \
    a.arrived_at, a.checked_in_at, a.started_at, a.completed_at, a.created_at, a.updated_at, \
    a.version
    """

  /// What the columns are read from.
  static let source = "clinic.appointments a \(joins)"

  /// What they need beside the appointment.
  static let joins = """
    join clinic.patients p on p.company_id = a.company_id and p.id = a.patient_id \
    join clinic.appointment_types t on t.company_id = a.company_id and t.id = a.type_id
    """

  static let get = SQLStatement(pointRead: "appointments.get", by: "$2") { isKey in
    "select \(columns) from \(source) where a.company_id = $1::uuid and a.id \(isKey)"
  }

  static let lock = SQLStatement(
    "appointments.lock",
    """
    select \(columns) from \(source) where a.company_id = $1::uuid and a.id = $2::uuid \
    for update of a
    """)

  static let insert = SQLStatement(
    "appointments.insert",
    """
    insert into clinic.appointments (company_id, id, patient_id, type_id, starts_at, ends_at, \
    buffer_before_minutes, buffer_after_minutes, status, reason, hold_expires_at, \
    overbook_reason, rescheduled_from_id, series_id, recurrence_id) \
    values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::timestamptz, $6::timestamptz, $7::int4, \
    $8::int4, $9::int2, $10::text, $11::timestamptz, $12::text, $13::uuid, $14::uuid, \
    $15::timestamptz)
    """)

  /// Each row locks its resource: they come in the order in which everybody locks resources.
  static let insertResources = SQLStatement(
    "appointments.insert_resources",
    """
    insert into clinic.appointment_resources \
    (company_id, appointment_id, resource_id, position, starts_at) \
    select $1::uuid, $2::uuid, r.id, r.position - 1, $3::timestamptz \
    from unnest($4::uuid[]) with ordinality r (id, position) order by r.id
    """)

  /// Refuses a new appointment where what it was decided on is not so any more.
  static let admit = SQLStatement(
    "appointments.admit",
    """
    select clinic.admit_appointment($1::uuid, $2::uuid, $3::text, $4::int8, $5::int8, \
    $6::uuid[], $7::int8[], $8::uuid[], $9::uuid[], $10::timestamp, $11::timestamp)
    """)

  /// Takes up the time of an appointment's patient and resources.
  static let claim = SQLStatement(
    "appointments.claim", "select clinic.take_time($1::uuid, $2::uuid, $3::bool)")

  /// Gives an appointment that is about to take up time the buffers that its type has by now.
  static let setBuffers = SQLStatement(
    "appointments.set_buffers",
    """
    update clinic.appointments set buffer_before_minutes = $3::int4, \
    buffer_after_minutes = $4::int4 where company_id = $1::uuid and id = $2::uuid
    """)

  /// Frees what appointments take up; the entries of the waitlist whose offers they were.
  static let release = SQLStatement(
    "appointments.release",
    """
    select released.entry_id from unnest($2::uuid[]) appointment_id, \
    clinic.release_appointment($1::uuid, appointment_id) released (entry_id) \
    where released.entry_id is not null
    """)

  /// Makes the claims of a hold last; the entry of the waitlist whose offer it was.
  static let keep = SQLStatement(
    "appointments.keep",
    """
    select kept.entry_id from clinic.keep_appointment($1::uuid, $2::uuid) kept (entry_id) \
    where kept.entry_id is not null
    """)

  /// The holds that have ended, each with the entry of the waitlist whose offer it was.
  static let expireHolds = SQLStatement(
    "appointments.expire_holds",
    "select appointment_id, entry_id from clinic.sweep_holds($1::uuid)")

  /// Notes a status and when it began. Who is checked in has arrived.
  static let setStatus = SQLStatement(
    "appointments.set_status",
    """
    update clinic.appointments set status = $3::int2, status_at = now(), version = version + 1, \
    updated_at = now(), \
    confirmed_at = case when $3::int2 = 4 then now() else confirmed_at end, \
    arrived_at = case when $3::int2 = 5 then now() \
    when $3::int2 = 6 then coalesce(arrived_at, now()) else arrived_at end, \
    checked_in_at = case when $3::int2 = 6 then now() else checked_in_at end, \
    started_at = case when $3::int2 = 7 then now() else started_at end, \
    completed_at = case when $3::int2 = 8 then now() else completed_at end \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let cancel = SQLStatement(
    "appointments.cancel",
    """
    update clinic.appointments set status = 9, status_at = now(), cancelled_at = now(), \
    cancelled_by = $3::int2, cancellation_reason = $4::int2, cancellation_note = $5::text, \
    cancelled_late = $6::bool, rescheduled_to_id = $7::uuid, version = version + 1, \
    updated_at = now() where company_id = $1::uuid and id = $2::uuid
    """)

  /// Gives an appointment that was put in afterwards the times at which it went on.
  static let backdate = SQLStatement(
    "appointments.backdate",
    """
    update clinic.appointments set confirmed_at = $3::timestamptz, arrived_at = $4::timestamptz, \
    checked_in_at = $5::timestamptz, started_at = $6::timestamptz, completed_at = $7::timestamptz, \
    cancelled_at = $8::timestamptz, cancelled_by = case when status = 9 then 1 else 0 end, \
    cancellation_reason = case when status = 9 then 5 else 0 end, \
    status_at = coalesce($8::timestamptz, $7::timestamptz, $6::timestamptz, $5::timestamptz, \
    $4::timestamptz, $3::timestamptz, created_at) \
    where company_id = $1::uuid and id = $2::uuid
    """)

  /// A patient's name and state.
  static let patient = SQLStatement(
    "appointments.patient",
    """
    select \(patientName), p.state from clinic.patients p \
    where p.company_id = $1::uuid and p.id = $2::uuid
    """)

  /// Keeps a patient's record as it is until the transaction ends.
  static let lockPatient = SQLStatement(
    "appointments.lock_patient",
    """
    select from clinic.patients p where p.company_id = $1::uuid and p.id = $2::uuid for share
    """)

  /// The columns of what lies ahead, in the order that `AppointmentsAhead.init(rows:)` reads.
  private static let aheadColumns = "a.id, a.starts_at, a.ends_at, a.status, count(*) over ()"

  /// What is neither over nor done with; the next hundred.
  private static let isAhead = """
    a.starts_at > now() - interval '24 hours' and a.ends_at > now() and a.status <= 7 \
    and not \(isExpired) order by a.starts_at, a.id limit 100
    """

  static let aheadOfCompany = SQLStatement(
    "appointments.ahead_of_company",
    """
    select \(aheadColumns) from clinic.appointments a where a.company_id = $1::uuid and \(isAhead)
    """)

  static let aheadOfPatient = SQLStatement(
    "appointments.ahead_of_patient",
    """
    select \(aheadColumns) from clinic.appointments a \
    where a.company_id = $1::uuid and a.patient_id = $2::uuid and \(isAhead)
    """)

  static let aheadOfType = SQLStatement(
    "appointments.ahead_of_type",
    """
    select \(aheadColumns) from clinic.appointments a \
    where a.company_id = $1::uuid and a.type_id = $2::uuid and \(isAhead)
    """)

  static let aheadOfResource = SQLStatement(
    "appointments.ahead_of_resource",
    """
    select \(aheadColumns) from clinic.appointment_resources ar \
    join clinic.appointments a on a.company_id = ar.company_id and a.id = ar.appointment_id \
    where ar.company_id = $1::uuid and ar.resource_id = $2::uuid \
    and ar.starts_at > now() - interval '24 hours' and \(isAhead)
    """)

  /// The time that is taken in a span, of everything that can be booked, of these resources, and of
  /// a patient: two arrays for each, which spare a row for every appointment.
  static let claims = SQLStatement(
    "appointments.claims",
    """
    select claimant.id, taken.starts, taken.ends \
    from (select r.id from clinic.resources r where r.company_id = $1::uuid \
    and (r.state = 1 or r.id = any($2::uuid[])) union all select $3::uuid) claimant \
    cross join lateral ( \
    select array_agg(c.starts_at), array_agg(c.ends_at) \
    from clinic.appointment_claims c where c.company_id = $1::uuid \
    and c.claimant_id = claimant.id and c.starts_at < $5::timestamptz \
    and c.starts_at > $4::timestamptz - interval '32 hours' and c.ends_at > $4::timestamptz \
    and (c.expires_at is null or c.expires_at > now())) taken (starts, ends) \
    where taken.starts is not null
    """)

  /// The time that an appointment takes up itself.
  static let claimsOf = SQLStatement(
    "appointments.claims_of",
    """
    select c.claimant_id, c.starts_at, c.ends_at from clinic.appointment_claims c \
    where c.company_id = $1::uuid and c.appointment_id = $2::uuid
    """)

  /// Whose calendar: these resources, or every practitioner.
  private static let calendarIDs = """
    array(select r.id from clinic.resources r where r.company_id = $1::uuid \
    and (r.id = any($2::uuid[]) or cardinality($2::uuid[]) = 0 and r.kind = 1 and r.state = 1))
    """

  /// What has a moment in the span; nothing is longer than a day.
  private static let overlapsCalendar = """
    listed.starts_at > $3::timestamptz - interval '24 hours' \
    and listed.starts_at < $4::timestamptz and a.ends_at > $3::timestamptz
    """

  /// The appointments of resources in a span, each with the resource that it is listed for.
  static let calendar = SQLStatement(
    "appointments.calendar",
    """
    select \(columns), listed.resource_id from clinic.appointment_resources listed \
    join \(source) on a.company_id = listed.company_id and a.id = listed.appointment_id \
    where listed.company_id = $1::uuid and listed.resource_id = any(\(calendarIDs)) \
    and \(overlapsCalendar) and a.status <> 12 and not \(isExpired) order by a.starts_at, a.id \
    limit $5::int8
    """)

  /// As ``calendar``, without whose the appointments are.
  static let calendarTimes = SQLStatement(
    "appointments.calendar_times",
    """
    select a.starts_at, a.ends_at, a.status, listed.resource_id \
    from clinic.appointment_resources listed \
    join clinic.appointments a on a.company_id = listed.company_id \
    and a.id = listed.appointment_id \
    where listed.company_id = $1::uuid and listed.resource_id = any(\(calendarIDs)) \
    and \(overlapsCalendar) and a.status between 2 and 8 and not \(isExpired) limit $5::int8
    """)

  /// Whose calendar it is.
  static let calendarResources = SQLStatement(
    "appointments.calendar_resources",
    """
    select \(ResourceStatements.columns) from clinic.resources r where r.company_id = $1::uuid \
    and (r.id = any($2::uuid[]) or cardinality($2::uuid[]) = 0 and r.kind = 1 and r.state = 1) \
    order by r.name_folded
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    get, lock, insert, insertResources, admit, claim, setBuffers, release, keep, expireHolds,
    setStatus, cancel, backdate, patient, aheadOfCompany, aheadOfPatient, aheadOfType,
    aheadOfResource, claims, claimsOf, calendar, calendarTimes, calendarResources, lockPatient
  ]
}
