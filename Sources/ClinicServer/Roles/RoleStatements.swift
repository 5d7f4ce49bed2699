internal import PostgresClient

/// The statements of the roles slice.
enum RoleStatements {
  /// The columns of a role, in the order that `Role.init(row:)` reads.
  static let columns = """
    r.id, r.name, r.description, r.permissions, r.built_in, r.created_at, r.updated_at, r.version
    """

  static let get = SQLStatement(
    "roles.get",
    "select \(columns) from clinic.roles r where r.company_id = $1::uuid and r.id = $2::uuid")

  static let lock = SQLStatement(
    "roles.lock",
    """
    select \(columns) from clinic.roles r \
    where r.company_id = $1::uuid and r.id = $2::uuid for update
    """)

  static let list = SQLStatement(
    "roles.list",
    """
    select \(columns) from clinic.roles r where r.company_id = $1::uuid \
    and r.name_folded > $2::text order by r.name_folded limit $3::int8
    """)

  /// Roles by their ids, kept from being changed until the end of the transaction.
  static let share = SQLStatement(
    "roles.share",
    """
    select \(columns) from clinic.roles r where r.company_id = $1::uuid and r.id = any($2::uuid[]) \
    for share
    """)

  static let builtIn = SQLStatement(
    "roles.built_in",
    "select id from clinic.roles where company_id = $1::uuid and built_in = $2::int2")

  static let insert = SQLStatement(
    "roles.insert",
    """
    insert into clinic.roles (company_id, id, name, name_folded, description, permissions, built_in) \
    values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text[], $7::int2)
    """)

  static let update = SQLStatement(
    "roles.update",
    """
    update clinic.roles set name = $3::text, name_folded = $4::text, description = $5::text, \
    permissions = $6::text[], version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let delete = SQLStatement(
    "roles.delete", "delete from clinic.roles where company_id = $1::uuid and id = $2::uuid")

  /// Every statement, for the test of their plans.
  static let all = [
    get, lock, list, share, builtIn, insert, update, delete
  ]
}
