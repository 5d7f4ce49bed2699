internal import PostgresClient

/// The statements of tenancy, the logs and the idempotency store.
enum TenancyStatements {
  /// Enters a company for the rest of the transaction.
  static let enter = SQLStatement("tenancy.enter", "select clinic.enter($1::uuid)")

  /// Claims a request id, and tells the transaction's time.
  static let claim = SQLStatement(
    "tenancy.claim", "select clinic.claim_request($1::uuid, $2::uuid, $3::bytea), now()")

  /// Tells the transaction's time.
  static let now = SQLStatement("tenancy.now", "select null::bytea, now()")

  /// Stores the reply of a claimed request.
  static let storeReply = SQLStatement(
    "tenancy.store_reply",
    "update clinic.requests set reply = $3::bytea where company_id = $1::uuid and id = $2::uuid")

  /// Appends to the change log.
  static let appendChanges = SQLStatement(
    "tenancy.append_changes",
    """
    select clinic.append_changes($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::uuid[], \
    $7::text, $8::text[], $9::text, $10::text)
    """)

  /// Appends a batch to the read log.
  static let appendReads = SQLStatement(
    "tenancy.append_reads",
    """
    insert into clinic.reads \
    (company_id, id, read_at, staff_id, session_id, method, resource_ids, request_id) \
    select $1::uuid, r.id, r.read_at, r.staff_id, r.session_id, r.method, \
    string_to_array(r.resource_ids, ',')::uuid[], r.request_id \
    from unnest($2::uuid[], $3::timestamptz[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], \
    $8::text[]) \
    as r(id, read_at, staff_id, session_id, method, resource_ids, request_id)
    """)

  /// Forgets the replies of requests that are older than a week.
  static let forgetRequests = SQLStatement(
    "tenancy.forget_requests",
    """
    delete from clinic.requests where company_id = $1::uuid \
    and created_at < now() - interval '7 days'
    """)
}
