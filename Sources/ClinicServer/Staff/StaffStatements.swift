internal import PostgresClient

/// The statements of the staff slice.
enum StaffStatements {
  /// The columns of an account, in the order that `Staff.init(row:)` reads.
  static let columns = """
    s.id, s.email, s.display_name, s.job_title, s.phone, \
    array(select r.role_id from clinic.staff_roles r \
    where r.company_id = s.company_id and r.staff_id = s.id order by r.role_id), \
    s.state, s.must_change_password, s.last_login_at, s.created_at, s.updated_at, s.version
    """

  static let get = SQLStatement(pointRead: "staff.get", by: "$2") { isKey in
    "select \(columns) from clinic.staff s where s.company_id = $1::uuid and s.id \(isKey)"
  }

  static let lock = SQLStatement(
    "staff.lock",
    """
    select \(columns) from clinic.staff s \
    where s.company_id = $1::uuid and s.id = $2::uuid for update of s
    """)

  static let list = SQLStatement(
    "staff.list",
    """
    select \(columns) from clinic.staff s where s.company_id = $1::uuid \
    and s.email_folded > $2::text and ($3::int2 = 0 or s.state = $3::int2) \
    order by s.email_folded limit $4::int8
    """)

  static let byEmail = SQLStatement(
    "staff.by_email",
    """
    select id, password_hash, state from clinic.staff \
    where company_id = $1::uuid and email_folded = $2::text
    """)

  /// What a change of password needs to know.
  static let secrets = SQLStatement(
    "staff.secrets",
    """
    select email, password_hash, display_name from clinic.staff \
    where company_id = $1::uuid and id = $2::uuid and state = 1
    """)

  static let insert = SQLStatement(
    "staff.insert",
    """
    insert into clinic.staff (company_id, id, email, email_folded, display_name, job_title, phone, \
    password_hash, must_change_password) \
    values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::bool)
    """)

  static let update = SQLStatement(
    "staff.update",
    """
    update clinic.staff set email = $3::text, email_folded = $4::text, display_name = $5::text, \
    job_title = $6::text, phone = $7::text, version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let setState = SQLStatement(
    "staff.set_state",
    """
    update clinic.staff set state = $3::int2, version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let setPassword = SQLStatement(
    "staff.set_password",
    """
    update clinic.staff set password_hash = $3::text, must_change_password = $4::bool, \
    version = version + 1, updated_at = now() where company_id = $1::uuid and id = $2::uuid
    """)

  /// Replaces the hash of an unchanged password by a stronger one.
  static let upgradeHash = SQLStatement(
    "staff.upgrade_hash",
    """
    update clinic.staff set password_hash = $3::text \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let clearRoles = SQLStatement(
    "staff.clear_roles",
    "delete from clinic.staff_roles where company_id = $1::uuid and staff_id = $2::uuid")

  static let addRoles = SQLStatement(
    "staff.add_roles",
    """
    insert into clinic.staff_roles (company_id, staff_id, role_id) \
    select $1::uuid, $2::uuid, r from unnest($3::uuid[]) r
    """)

  /// Locks the clinic's administrators who can log in, so that two cannot close each other at once.
  static let lockAdministrators = SQLStatement(
    "staff.lock_administrators",
    """
    select s.id from clinic.staff s \
    join clinic.staff_roles sr on sr.company_id = s.company_id and sr.staff_id = s.id \
    join clinic.roles r on r.company_id = sr.company_id and r.id = sr.role_id \
    where s.company_id = $1::uuid and s.state = 1 and r.built_in = 1 \
    order by s.id for update of s
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    get, lock, list, byEmail, secrets, insert, update, setState, setPassword, upgradeHash,
    clearRoles, addRoles, lockAdministrators
  ]
}
