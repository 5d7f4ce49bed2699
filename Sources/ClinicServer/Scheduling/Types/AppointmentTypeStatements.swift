internal import PostgresClient

/// The statements of the slice of kinds of appointments.
enum AppointmentTypeStatements {
  /// The columns of a type, in the order that `AppointmentType.init(row:)` reads.
  static let columns = """
    t.id, t.name, t.length_minutes, t.buffer_before_minutes, t.buffer_after_minutes, t.color, \
    t.needs, t.state, t.created_at, t.updated_at, t.version
    """

  static let get = SQLStatement(pointRead: "appointment_types.get", by: "$2") { isKey in
    """
    select \(columns) from clinic.appointment_types t \
    where t.company_id = $1::uuid and t.id \(isKey)
    """
  }

  /// `for update`, so that whoever books it waits: the foreign key of a booking locks its key.
  static let lock = SQLStatement(
    "appointment_types.lock",
    """
    select \(columns) from clinic.appointment_types t \
    where t.company_id = $1::uuid and t.id = $2::uuid for update
    """)

  static let list = SQLStatement(
    "appointment_types.list",
    """
    select \(columns) from clinic.appointment_types t where t.company_id = $1::uuid \
    and t.name_folded > $2::text and ($3::bool or t.state = 1) \
    order by t.name_folded limit $4::int8
    """)

  static let insert = SQLStatement(
    "appointment_types.insert",
    """
    insert into clinic.appointment_types (company_id, id, name, name_folded, length_minutes, \
    buffer_before_minutes, buffer_after_minutes, color, needs) \
    values ($1::uuid, $2::uuid, $3::text, $4::text, $5::int4, $6::int4, $7::int4, $8::text, \
    $9::jsonb)
    """)

  static let update = SQLStatement(
    "appointment_types.update",
    """
    update clinic.appointment_types set name = $3::text, name_folded = $4::text, \
    length_minutes = $5::int4, buffer_before_minutes = $6::int4, buffer_after_minutes = $7::int4, \
    color = $8::text, needs = $9::jsonb, version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let setState = SQLStatement(
    "appointment_types.set_state",
    """
    update clinic.appointment_types set state = $3::int2, version = version + 1, \
    updated_at = now() where company_id = $1::uuid and id = $2::uuid
    """)

  /// The kinds of these resources.
  static let kinds = SQLStatement(
    "appointment_types.kinds",
    """
    select r.id, r.kind from clinic.resources r \
    where r.company_id = $1::uuid and r.id = any($2::uuid[])
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    get, lock, list, insert, update, setState, kinds
  ]
}
