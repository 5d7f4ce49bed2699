internal import PostgresClient

/// The statements of sessions and logging in.
enum SessionStatements {
  static let companyBySlug = SQLStatement(
    "sessions.company_by_slug",
    "select company_id, state from clinic.company_by_slug($1::text)")

  /// Who a session stands for and what they may do, and whether it is open.
  static let resolve = SQLStatement(
    "sessions.resolve",
    """
    select s.staff_id, st.display_name, \
    s.revoked_at is null and s.expires_at > now() and st.state = 1 and c.state = 1, \
    st.must_change_password, \
    array(select distinct r.built_in from clinic.staff_roles sr \
      join clinic.roles r on r.company_id = sr.company_id and r.id = sr.role_id \
      where sr.company_id = $1::uuid and sr.staff_id = s.staff_id), \
    array(select distinct unnest(r.permissions) from clinic.staff_roles sr \
      join clinic.roles r on r.company_id = sr.company_id and r.id = sr.role_id \
      where sr.company_id = $1::uuid and sr.staff_id = s.staff_id) \
    from clinic.sessions s \
    join clinic.staff st on st.company_id = s.company_id and st.id = s.staff_id \
    join clinic.companies c on c.company_id = s.company_id \
    where s.company_id = $1::uuid and s.id = $2::uuid
    """)

  static let insert = SQLStatement(
    "sessions.insert",
    """
    insert into clinic.sessions \
    (company_id, id, staff_id, refresh_hash, family_hash, client_name, address, expires_at) \
    values ($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::bytea, $6::text, $7::text, \
    $8::timestamptz)
    """)

  static let lock = SQLStatement(
    "sessions.lock",
    """
    select s.staff_id, s.generation, s.refresh_hash, \
    s.revoked_at is null and s.expires_at > now() and st.state = 1 and c.state = 1, \
    s.family_hash \
    from clinic.sessions s \
    join clinic.staff st on st.company_id = s.company_id and st.id = s.staff_id \
    join clinic.companies c on c.company_id = s.company_id \
    where s.company_id = $1::uuid and s.id = $2::uuid for update of s
    """)

  static let rotate = SQLStatement(
    "sessions.rotate",
    """
    update clinic.sessions set generation = generation + 1, refresh_hash = $3::bytea, \
    address = $4::text, refreshed_at = now(), expires_at = $5::timestamptz \
    where company_id = $1::uuid and id = $2::uuid
    """)

  /// The open sessions of an account, the newest first, before an id.
  static let list = SQLStatement(
    "sessions.list",
    """
    select id, staff_id, client_name, address, created_at, refreshed_at, expires_at \
    from clinic.sessions where company_id = $1::uuid and staff_id = $2::uuid and id < $3::uuid \
    and revoked_at is null and expires_at > now() order by id desc limit $4::int8
    """)

  /// Ends open sessions of an account: one, or all but one where `$3` is null.
  static let revoke = SQLStatement(
    "sessions.revoke",
    """
    update clinic.sessions set revoked_at = now() \
    where company_id = $1::uuid and staff_id = $2::uuid and revoked_at is null \
    and expires_at > now() and ($3::uuid is null or id = $3::uuid) \
    and ($4::uuid is null or id <> $4::uuid) returning id
    """)

  /// Tells every server that principals changed: a company, one of its accounts, or one session.
  static let announce = SQLStatement(
    "sessions.announce", "select pg_notify('clinic_principals', $1::text)")

  static let noteLogin = SQLStatement(
    "sessions.note_login",
    "update clinic.staff set last_login_at = now() where company_id = $1::uuid and id = $2::uuid")

  /// Forgets sessions that ended more than a month ago.
  static let forget = SQLStatement(
    "sessions.forget",
    """
    delete from clinic.sessions where company_id = $1::uuid \
    and coalesce(revoked_at, expires_at) < now() - interval '30 days'
    """)

  static let failures = SQLStatement(
    "sessions.failures",
    """
    select key, failures, last_failed_at from clinic.login_failures where key = any($1::bytea[])
    """)

  static let countFailure = SQLStatement(
    "sessions.count_failure",
    """
    insert into clinic.login_failures as f (key, failures, last_failed_at, forgotten_at) \
    select k.key, 1, now(), now() + make_interval(secs => k.memory) \
    from unnest($1::bytea[], $2::int4[]) k (key, memory) \
    on conflict (key) do update set \
    failures = case when f.forgotten_at < now() then 1 else f.failures + 1 end, \
    last_failed_at = now(), forgotten_at = excluded.forgotten_at
    """)

  static let takeBackFailure = SQLStatement(
    "sessions.take_back_failure",
    "update clinic.login_failures set failures = greatest(failures - 1, 0) where key = any($1::bytea[])"
  )

  static let forgetFailures = SQLStatement(
    "sessions.forget_failures", "delete from clinic.login_failures where key = any($1::bytea[])")

  static let forgetOldFailures = SQLStatement(
    "sessions.forget_old_failures",
    "delete from clinic.login_failures where forgotten_at < now()")

  /// Every statement, for the test of their plans.
  static let all = [
    companyBySlug, resolve, insert, lock, rotate, list, revoke, announce, noteLogin, forget,
    failures, countFailure, takeBackFailure, forgetFailures, forgetOldFailures
  ]
}
