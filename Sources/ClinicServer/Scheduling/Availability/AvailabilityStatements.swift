internal import PostgresClient

/// The statements of leave, closures and extra hours.
enum AvailabilityStatements {
  /// The columns of an exception, in the order that `AvailabilityException.init(row:)` reads.
  static let columns =
    "x.id, x.kind, x.resource_id, x.starts_local, x.ends_local, x.reason, x.created_at"

  static let list = SQLStatement(
    "availability.list",
    """
    select \(columns) from clinic.availability_exceptions x where x.company_id = $1::uuid \
    and (x.starts_local, x.id) > ($2::timestamp, $3::uuid) and x.ends_local > $4::timestamp \
    and x.starts_local < $5::timestamp \
    and ($6::uuid is null or x.resource_id is null or x.resource_id = $6::uuid) \
    order by x.starts_local, x.id limit $7::int8
    """)

  /// What reaches into a span; nothing is longer than 400 days.
  static let within = SQLStatement(
    "availability.within",
    """
    select \(columns) from clinic.availability_exceptions x where x.company_id = $1::uuid \
    and x.starts_local < $3::timestamp and x.starts_local > $2::timestamp - interval '401 days' \
    and x.ends_local > $2::timestamp
    """)

  static let insert = SQLStatement(
    "availability.insert",
    """
    insert into clinic.availability_exceptions \
    (company_id, id, kind, resource_id, starts_local, ends_local, reason) \
    values ($1::uuid, $2::uuid, $3::int2, $4::uuid, $5::timestamp, $6::timestamp, $7::text)
    """)

  /// Keeps everybody from booking a resource, or all that are in use, until the transaction ends.
  static let lockResources = SQLStatement(
    "availability.lock_resources",
    """
    select r.id from clinic.resources r where r.company_id = $1::uuid \
    and (r.id = $2::uuid or $2::uuid is null and r.state = 1) order by r.id for update
    """)

  /// The resource of extra hours, which nobody books until the transaction ends. None for leave and
  /// closures: what is booked stays within hours without them.
  static let lockResourceOfExtraHours = SQLStatement(
    "availability.lock_resource_of_extra_hours",
    """
    select \(ResourceStatements.columns) from clinic.availability_exceptions x \
    join clinic.resources r on r.company_id = x.company_id and r.id = x.resource_id \
    where x.company_id = $1::uuid and x.id = $2::uuid and x.kind = 3 for update of r
    """)

  static let delete = SQLStatement(
    "availability.delete",
    """
    delete from clinic.availability_exceptions \
    where company_id = $1::uuid and id = $2::uuid returning id
    """)

  /// The appointments ahead that lie in a span, of a resource or of all.
  static let affected = SQLStatement(
    "availability.affected",
    """
    select a.id from clinic.appointments a where a.company_id = $1::uuid \
    and a.starts_at < $3::timestamptz and a.starts_at > $2::timestamptz - interval '24 hours' \
    and a.ends_at > $2::timestamptz and a.status between 1 and 7 \
    and ($4::uuid is null or exists (select from clinic.appointment_resources ar \
    where ar.company_id = a.company_id and ar.appointment_id = a.id \
    and ar.resource_id = $4::uuid)) order by a.starts_at, a.id limit 1000
    """)

  /// The appointments ahead of a resource, in order.
  static let ahead = SQLStatement(
    "availability.ahead",
    """
    select a.id, a.starts_at, a.ends_at from clinic.appointment_resources ar \
    join clinic.appointments a on a.company_id = ar.company_id and a.id = ar.appointment_id \
    where ar.company_id = $1::uuid and ar.resource_id = $2::uuid \
    and ar.starts_at > now() - interval '24 hours' and a.ends_at > now() \
    and a.status between 1 and 7 order by a.starts_at, a.id limit 10000
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    list, within, insert, lockResources, lockResourceOfExtraHours, delete, affected, ahead
  ]
}
