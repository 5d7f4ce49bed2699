internal import PostgresClient

/// The statements of limits and usage.
enum QuotaStatements {
  /// What is in force for a clinic, and what it and one of its callers used on a day. `$3` is the
  /// caller that stands for the clinic as a whole.
  static let load = SQLStatement(
    "quotas.load",
    """
    select coalesce(l.limits, '{}'::jsonb), coalesce(l.version, 0), coalesce(c.calls, 0), \
    coalesce(c.cost, 0), coalesce(a.calls, 0), coalesce(a.cost, 0), \
    coalesce(k.limits, '{}'::jsonb), coalesce(k.version, 0) from (values (1)) one (one) \
    left join clinic.company_limits l on l.company_id = $1::uuid \
    left join clinic.call_usage c on c.company_id = $1::uuid and c.day = $2::date \
      and c.account_id = $3::uuid \
    left join clinic.call_usage a on a.company_id = $1::uuid and a.day = $2::date \
      and a.account_id = $4::uuid \
    left join clinic.api_keys k on k.company_id = $1::uuid and k.id = $4::uuid
    """)

  static let limits = SQLStatement(
    "quotas.limits",
    """
    select limits, version, updated_at from clinic.company_limits where company_id = $1::uuid
    """)

  /// What was set for some of a clinic's API keys.
  static let keyLimits = SQLStatement(
    "quotas.key_limits",
    """
    select id, limits, version from clinic.api_keys where company_id = $1::uuid \
    and id = any($2::uuid[])
    """)

  /// Locks the clinic, which exists whether limits were set for it or not, and reads its limits.
  static let lock = SQLStatement(
    "quotas.lock",
    """
    select coalesce(l.limits, '{}'::jsonb), coalesce(l.version, 0), l.updated_at \
    from clinic.companies c \
    left join clinic.company_limits l on l.company_id = c.company_id \
    where c.company_id = $1::uuid for no key update of c
    """)

  static let set = SQLStatement(
    "quotas.set",
    """
    insert into clinic.company_limits as l (company_id, limits) values ($1::uuid, $2::jsonb) \
    on conflict (company_id) do update set limits = excluded.limits, version = l.version + 1, \
    updated_at = now()
    """)

  /// Usage counts every few seconds, and a little of it may be lost when a server dies: it need
  /// not wait for the disk.
  static let withoutWaiting = SQLStatement(
    "quotas.without_waiting", "select set_config('synchronous_commit', 'off', true)")

  /// Adds what callers used, and tells what they have used now on all servers. In the order of
  /// the key, so that servers never wait for each other in a circle.
  static let add = SQLStatement(
    "quotas.add",
    """
    insert into clinic.call_usage as u (company_id, day, account_id, calls, cost) \
    select $1::uuid, n.day, n.account_id, n.calls, n.cost \
    from unnest($2::date[], $3::uuid[], $4::int8[], $5::int8[]) \
      as n (day, account_id, calls, cost) order by n.day, n.account_id \
    on conflict (company_id, day, account_id) \
    do update set calls = u.calls + excluded.calls, cost = u.cost + excluded.cost \
    returning u.day, u.account_id, u.calls, u.cost
    """)

  /// The days since `$2`, the clinic as a whole (caller `$3`) before those of its callers that used
  /// most. A caller is an account, or an API key of a service account.
  static let usage = SQLStatement(
    "quotas.usage",
    """
    select r.day, r.account_id, r.calls, r.cost, coalesce(s.display_name, p.name, ''), \
    k.account_id, coalesce(k.name, '') from (\
      select u.day, u.account_id, u.calls, u.cost, row_number() over (partition by u.day \
        order by u.account_id = $3::uuid desc, u.cost desc, u.account_id) as place \
      from clinic.call_usage u where u.company_id = $1::uuid and u.day >= $2::date) r \
    left join clinic.staff s on s.company_id = $1::uuid and s.id = r.account_id \
    left join clinic.api_keys k on k.company_id = $1::uuid and k.id = r.account_id \
    left join clinic.service_accounts p on p.company_id = $1::uuid \
      and p.id = coalesce(k.account_id, r.account_id) \
    where r.place <= 201 order by r.day desc, r.place
    """)

  /// Forgets usage of more than a hundred days ago.
  static let forget = SQLStatement(
    "quotas.forget",
    """
    delete from clinic.call_usage where company_id = $1::uuid \
    and day < (now() at time zone 'UTC')::date - 100
    """)

  /// Every statement, for the test of their plans.
  static let all = [load, limits, keyLimits, lock, set, withoutWaiting, add, usage, forget]
}
