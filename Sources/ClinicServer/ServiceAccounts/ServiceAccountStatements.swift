internal import PostgresClient

/// The statements of service accounts.
enum ServiceAccountStatements {
  /// The columns of an account, in the order that `ServiceAccount.init(row:)` reads.
  static let columns = """
    a.id, a.name, a.description, a.permissions, a.state, a.thumbprints, a.created_at, \
    a.updated_at, a.version
    """

  static let get = SQLStatement(
    "service_accounts.get",
    """
    select \(columns) from clinic.service_accounts a \
    where a.company_id = $1::uuid and a.id = $2::uuid
    """)

  static let lock = SQLStatement(
    "service_accounts.lock",
    """
    select \(columns) from clinic.service_accounts a \
    where a.company_id = $1::uuid and a.id = $2::uuid for update
    """)

  static let list = SQLStatement(
    "service_accounts.list",
    """
    select \(columns) from clinic.service_accounts a where a.company_id = $1::uuid \
    and a.name_folded > $2::text and ($3::int2 = 0 or a.state = $3::int2) \
    order by a.name_folded limit $4::int8
    """)

  static let insert = SQLStatement(
    "service_accounts.insert",
    """
    insert into clinic.service_accounts \
    (company_id, id, name, name_folded, description, permissions, thumbprints) \
    values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text[], $7::text[])
    """)

  static let update = SQLStatement(
    "service_accounts.update",
    """
    update clinic.service_accounts set name = $3::text, name_folded = $4::text, \
    description = $5::text, permissions = $6::text[], thumbprints = $7::text[], \
    version = version + 1, updated_at = now() where company_id = $1::uuid and id = $2::uuid
    """)

  static let setState = SQLStatement(
    "service_accounts.set_state",
    """
    update clinic.service_accounts set state = $3::int2, version = version + 1, \
    updated_at = now() where company_id = $1::uuid and id = $2::uuid
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    get, lock, list, insert, update, setState
  ]
}
