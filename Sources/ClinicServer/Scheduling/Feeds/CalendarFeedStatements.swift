internal import ClinicContracts
internal import PostgresClient

/// The statements of calendar feeds.
enum CalendarFeedStatements {
  /// The columns of a feed, in the order that `CalendarFeed.init(row:)` reads.
  private static let columns = """
    f.id, f.resource_id, f.name, f.creator_id, f.created_at, f.last_read_at, f.revoked_at, \
    \(ActorMessage.names(of: "creator_id", in: "f"))
    """

  static let insert = SQLStatement(
    "calendar_feeds.insert",
    """
    insert into clinic.calendar_feeds (company_id, id, resource_id, name, creator_id, token_hash) \
    values ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::uuid, $6::bytea)
    """)

  static let lock = SQLStatement(
    "calendar_feeds.lock",
    """
    select \(columns) from clinic.calendar_feeds f \
    where f.company_id = $1::uuid and f.id = $2::uuid for update
    """)

  static let list = SQLStatement(
    "calendar_feeds.list",
    """
    select \(columns) from clinic.calendar_feeds f where f.company_id = $1::uuid \
    and ($2::uuid is null or f.id < $2::uuid) and ($3::bool or f.revoked_at is null) \
    order by f.id desc limit $4::int8
    """)

  static let revoke = SQLStatement(
    "calendar_feeds.revoke",
    """
    update clinic.calendar_feeds set revoked_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let revokeAll = SQLStatement(
    "calendar_feeds.revoke_all",
    """
    update clinic.calendar_feeds set revoked_at = now() \
    where company_id = $1::uuid and creator_id = $2::uuid and revoked_at is null returning id
    """)

  /// What a token opens: nothing where the feed is revoked or the clinic out of service.
  static let open = SQLStatement(
    "calendar_feeds.open",
    """
    select f.token_hash, f.resource_id, r.name, c.time_zone, c.scheduling \
    from clinic.calendar_feeds f \
    join clinic.resources r on r.company_id = f.company_id and r.id = f.resource_id \
    join clinic.companies c on c.company_id = f.company_id \
    where f.company_id = $1::uuid and f.id = $2::uuid and f.revoked_at is null and c.state = 1
    """)

  /// Notes that a feed was read, at most once a minute.
  static let touch = SQLStatement(
    "calendar_feeds.touch",
    """
    update clinic.calendar_feeds set last_read_at = now() \
    where company_id = $1::uuid and id = $2::uuid \
    and (last_read_at is null or last_read_at < now() - interval '1 minute')
    """)

  /// A resource's appointments from 30 days ago to a year ahead. What ended in being cancelled or an
  /// error is shown for 30 days more. Requests take up no time and are no part of it.
  static let events = SQLStatement(
    "calendar_feeds.events",
    """
    select a.id, a.version, \(AppointmentStatements.status), a.starts_at, a.ends_at, a.updated_at, \
    p.given, p.family, array(select r.name from clinic.appointment_resources o \
    join clinic.resources r on r.company_id = o.company_id and r.id = o.resource_id \
    where o.company_id = a.company_id and o.appointment_id = a.id and r.kind = 2 \
    order by o.position), a.patient_id \
    from clinic.appointment_resources ar \
    join clinic.appointments a on a.company_id = ar.company_id and a.id = ar.appointment_id \
    join clinic.patients p on p.company_id = a.company_id and p.id = a.patient_id \
    where ar.company_id = $1::uuid and ar.resource_id = $2::uuid \
    and ar.starts_at > now() - interval '30 days' and ar.starts_at < now() + interval '366 days' \
    and a.status <> 1 and (a.status not in (9, 12) or a.status_at > now() - interval '30 days') \
    order by ar.starts_at, a.id limit 10000
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    insert, lock, list, revoke, revokeAll, open, touch, events
  ]
}
