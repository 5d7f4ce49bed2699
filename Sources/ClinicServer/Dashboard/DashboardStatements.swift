internal import PostgresClient

/// The statements of the dashboard: run together, in one round trip. The first one tells the place
/// in the change log, so that whatever the others see is at least as new.
enum DashboardStatements {
  /// The day that it is in the clinic's time zone, from midnight to midnight.
  private static let day = """
    (select t.today, clinic.first_instant(t.today::timestamp, c.time_zone) as starts, \
    clinic.first_instant((t.today + 1)::timestamp, c.time_zone) as ends \
    from clinic.companies c, lateral (select (now() at time zone c.time_zone)::date as today) t \
    where c.company_id = $1::uuid) d
    """

  /// One moment of the day as a subquery of its own, known before the plan's scans begin: they read
  /// ranges of an index, whatever else is joined.
  private static func moment(_ column: String) -> String { "(select d.\(column) from \(day))" }

  /// Place, time, day, its end, and the follow-ups: open, overdue, due on the day, unanswered.
  static let head = SQLStatement(
    "dashboard.head",
    """
    select h.sequence, now(), d.today, d.ends, f.* from \(day) \
    join clinic.change_heads h on h.company_id = $1::uuid \
    cross join lateral (select count(*), count(*) filter (where u.due_at <= now()), \
    count(*) filter (where u.due_at > now() and u.due_at < d.ends), \
    count(*) filter (where u.respond_by <= now() and u.responded_at is null) \
    from clinic.follow_ups u where u.company_id = $1::uuid and u.state <= 3) f
    """)

  /// The day's appointments; and whoever is here for one of the day before or after, about midnight.
  /// The buffers come last, and whether it is of the day.
  static let appointments = SQLStatement(
    "dashboard.appointments",
    """
    select \(AppointmentStatements.columns), a.buffer_before_minutes, a.buffer_after_minutes, \
    a.is_of_day from ( \
    select d.*, true as is_of_day from clinic.appointments d \
    where d.company_id = $1::uuid and d.starts_at >= \(moment("starts")) \
    and d.starts_at < \(moment("ends")) and d.status <> 12 \
    union all select d.*, false from clinic.appointments d \
    where d.company_id = $1::uuid and d.status between 5 and 7 \
    and d.starts_at >= \(moment("starts")) - interval '24 hours' \
    and d.starts_at < \(moment("ends")) + interval '24 hours' \
    and (d.starts_at < \(moment("starts")) or d.starts_at >= \(moment("ends")))) a \
    \(AppointmentStatements.joins) where a.company_id = $1::uuid order by a.starts_at, a.id
    """)

  /// Practitioners and rooms.
  static let resources = SQLStatement(
    "dashboard.resources",
    """
    select \(ResourceStatements.columns) from clinic.resources r \
    where r.company_id = $1::uuid and r.state = 1 and r.kind in (1, 2) \
    order by r.kind, r.name_folded
    """)

  /// Leave, closures and extra hours of the day; nothing is longer than 400 days.
  static let exceptions = SQLStatement(
    "dashboard.exceptions",
    """
    select \(AvailabilityStatements.columns) from clinic.availability_exceptions x, \(day) \
    where x.company_id = $1::uuid and x.starts_local < (d.today + 1)::timestamp \
    and x.starts_local > d.today::timestamp - interval '401 days' \
    and x.ends_local > d.today::timestamp
    """)

  /// The time that is taken up on the day.
  static let claims = SQLStatement(
    "dashboard.claims",
    """
    select k.claimant_id, k.starts_at, k.ends_at from clinic.resources r \
    join clinic.appointment_claims k on k.company_id = r.company_id and k.claimant_id = r.id \
    where r.company_id = $1::uuid and k.company_id = $1::uuid and r.state = 1 \
    and r.kind in (1, 2) and k.starts_at < \(moment("ends")) \
    and k.starts_at > \(moment("starts")) - interval '32 hours' and k.ends_at > now() \
    and (k.expires_at is null or k.expires_at > now())
    """)

  /// Every statement, for the tests of plans.
  static let all = [
    head, appointments, resources, exceptions, claims
  ]
}
