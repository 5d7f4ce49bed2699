internal import PostgresClient

/// The statements of the resources slice.
enum ResourceStatements {
  /// The columns of a resource, in the order that `Resource.init(row:)` reads.
  static let columns = """
    r.id, r.kind, r.name, r.staff_id, r.capacity, r.color, r.weekly_hours, r.state, r.created_at, \
    r.updated_at, r.version
    """

  static let get = SQLStatement(pointRead: "resources.get", by: "$2") { isKey in
    "select \(columns) from clinic.resources r where r.company_id = $1::uuid and r.id \(isKey)"
  }

  /// `for update`, so that whoever books it waits: the foreign key of a booking locks its key.
  static let lock = SQLStatement(
    "resources.lock",
    """
    select \(columns) from clinic.resources r \
    where r.company_id = $1::uuid and r.id = $2::uuid for update
    """)

  static let list = SQLStatement(
    "resources.list",
    """
    select \(columns) from clinic.resources r where r.company_id = $1::uuid \
    and (r.kind, r.name_folded) > ($2::int2, $3::text) and ($4::int2 = 0 or r.kind = $4::int2) \
    and ($5::bool or r.state = 1) order by r.kind, r.name_folded limit $6::int8
    """)

  /// What can be booked, and these whether they can or not.
  static let bookable = SQLStatement(
    "resources.bookable",
    """
    select \(columns) from clinic.resources r where r.company_id = $1::uuid \
    and (r.state = 1 or r.id = any($2::uuid[])) order by r.kind, r.name_folded
    """)

  static let insert = SQLStatement(
    "resources.insert",
    """
    insert into clinic.resources \
    (company_id, id, kind, name, name_folded, staff_id, capacity, color, weekly_hours) \
    values ($1::uuid, $2::uuid, $3::int2, $4::text, $5::text, $6::uuid, $7::int2, $8::text, \
    $9::int4[])
    """)

  static let update = SQLStatement(
    "resources.update",
    """
    update clinic.resources set name = $3::text, name_folded = $4::text, capacity = $5::int2, \
    color = $6::text, weekly_hours = $7::int4[], version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let setState = SQLStatement(
    "resources.set_state",
    """
    update clinic.resources set state = $3::int2, version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    get, lock, list, bookable, insert, update, setState
  ]
}
