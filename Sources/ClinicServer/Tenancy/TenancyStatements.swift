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

  /// Appends to the read log what one session read with one method.
  static let appendReads = SQLStatement(
    "tenancy.append_reads",
    """
    insert into clinic.reads \
    (company_id, id, staff_id, session_id, method, read_at, request_id, resource_id) \
    values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::timestamptz[], $7::text[], \
    $8::uuid[])
    """)

  /// Forgets the replies of requests that are older than a week.
  static let forgetRequests = SQLStatement(
    "tenancy.forget_requests",
    """
    delete from clinic.requests where company_id = $1::uuid \
    and created_at < now() - interval '7 days'
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    enter, claim, now, storeReply, appendChanges, appendReads, forgetRequests
  ]
}
