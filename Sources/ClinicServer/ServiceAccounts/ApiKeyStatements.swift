internal import PostgresClient

/// The statements of API keys.
enum ApiKeyStatements {
  /// The columns of a key, in the order that `ApiKey.init(row:)` reads.
  static let columns = """
    k.id, k.account_id, k.name, k.permissions, k.hint, k.created_at, k.expires_at, k.revoked_at, \
    k.last_used_at, k.last_used_address, k.replaced_by, k.expires_at <= now(), k.limits, \
    k.version, k.updated_at
    """

  /// What every change of a key sets. To be used is none.
  private static let touched = "version = version + 1, updated_at = now()"

  /// What a key stands for, whether or not it works: ``StoredApiKey`` reads it.
  static let resolve = SQLStatement(
    "api_keys.resolve",
    """
    select k.account_id, a.name, k.hash, k.revoked_at is null and a.state = 1 and c.state = 1, \
    extract(epoch from k.expires_at - now())::float8, a.permissions, k.permissions, a.thumbprints \
    from clinic.api_keys k \
    join clinic.service_accounts a on a.company_id = k.company_id and a.id = k.account_id \
    join clinic.companies c on c.company_id = k.company_id \
    where k.company_id = $1::uuid and k.id = $2::uuid
    """)

  static let get = SQLStatement(
    "api_keys.get",
    "select \(columns) from clinic.api_keys k where k.company_id = $1::uuid and k.id = $2::uuid")

  /// The keys of an account, the newest first, before an id.
  static let list = SQLStatement(
    "api_keys.list",
    """
    select \(columns) from clinic.api_keys k where k.company_id = $1::uuid \
    and k.account_id = $2::uuid and k.id < $3::uuid order by k.id desc limit $4::int8
    """)

  /// How many keys of an account work.
  static let count = SQLStatement(
    "api_keys.count",
    """
    select count(*) from clinic.api_keys k where k.company_id = $1::uuid \
    and k.account_id = $2::uuid and k.revoked_at is null and k.expires_at > now()
    """)

  static let insert = SQLStatement(
    "api_keys.insert",
    """
    insert into clinic.api_keys \
    (company_id, id, account_id, name, permissions, hash, hint, expires_at, limits) \
    values ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text[], $6::bytea, $7::text, \
    $8::timestamptz, $9::jsonb)
    """)

  static let update = SQLStatement(
    "api_keys.update",
    """
    update clinic.api_keys set name = $3::text, limits = $4::jsonb, \(touched) \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let replace = SQLStatement(
    "api_keys.replace",
    """
    update clinic.api_keys set replaced_by = $3::uuid, expires_at = $4::timestamptz, \
    \(touched) where company_id = $1::uuid and id = $2::uuid
    """)

  static let revoke = SQLStatement(
    "api_keys.revoke",
    """
    update clinic.api_keys set revoked_at = now(), \(touched) \
    where company_id = $1::uuid and id = $2::uuid
    """)

  /// Revokes the keys of an account that work.
  static let revokeAll = SQLStatement(
    "api_keys.revoke_all",
    """
    update clinic.api_keys set revoked_at = now(), \(touched) where company_id = $1::uuid \
    and account_id = $2::uuid and revoked_at is null and expires_at > now() returning id
    """)

  /// Notes when and from where keys were last used.
  static let noteUses = SQLStatement(
    "api_keys.note_uses",
    """
    update clinic.api_keys k set last_used_at = u.used_at, last_used_address = u.address \
    from unnest($2::uuid[], $3::timestamptz[], $4::text[]) u(id, used_at, address) \
    where k.company_id = $1::uuid and k.id = u.id \
    and (k.last_used_at is null or k.last_used_at < u.used_at)
    """)

  /// Forgets keys that ended more than a year ago. The logs need only their ids.
  static let forget = SQLStatement(
    "api_keys.forget",
    """
    delete from clinic.api_keys where company_id = $1::uuid \
    and least(revoked_at, expires_at) < now() - interval '365 days'
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    resolve, get, list, count, insert, update, replace, revoke, revokeAll, noteUses, forget
  ]
}
