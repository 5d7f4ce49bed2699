internal import ClinicContracts
internal import PostgresClient

/// The statements of webhooks.
enum WebhookStatements {
  /// The columns of an endpoint, in the order that `Webhook.init(row:)` reads.
  private static let columns = """
    w.id, w.url, w.description, w.resource_types, w.state, w.disable_reason, \
    w.delivered_sequence, w.failed_attempts, w.dead_letters, \
    (select d.next_attempt_at from clinic.webhook_deliveries d \
    where d.company_id = w.company_id and d.webhook_id = w.id and d.state = 1 \
    and w.state = 1), \
    case when w.previous_secret_until > now() then w.previous_secret_until end, \
    w.creator_id, w.created_at, w.updated_at, w.version, \
    \(ActorMessage.names(of: "creator_id", in: "w"))
    """

  /// What it takes to send: after the columns of an endpoint.
  private static let sending = """
    w.position, w.secret, w.previous_secret, w.attempt_id, \
    case when w.leased_until > now() then w.leased_until end, \
    exists (select from clinic.companies c where c.company_id = w.company_id and c.state = 1)
    """

  static let insert = SQLStatement(
    "webhooks.insert",
    """
    insert into clinic.webhooks (company_id, id, url, description, resource_types, position, \
    delivered_sequence, secret, creator_id) \
    values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text[], $6::int8, $6::int8, $7::bytea, \
    $8::uuid)
    """)

  static let count = SQLStatement(
    "webhooks.count", "select count(*) from clinic.webhooks w where w.company_id = $1::uuid")

  static let get = SQLStatement(
    "webhooks.get",
    "select \(columns) from clinic.webhooks w where w.company_id = $1::uuid and w.id = $2::uuid")

  static let list = SQLStatement(
    "webhooks.list",
    """
    select \(columns) from clinic.webhooks w where w.company_id = $1::uuid \
    and ($2::uuid is null or w.id < $2::uuid) order by w.id desc limit $3::int8
    """)

  static let lock = SQLStatement(
    "webhooks.lock",
    """
    select \(columns), \(sending) from clinic.webhooks w \
    where w.company_id = $1::uuid and w.id = $2::uuid for update of w
    """)

  /// What a ping takes, without a lock.
  static let look = SQLStatement(
    "webhooks.look",
    """
    select \(columns), \(sending) from clinic.webhooks w \
    where w.company_id = $1::uuid and w.id = $2::uuid
    """)

  static let update = SQLStatement(
    "webhooks.update",
    """
    update clinic.webhooks set url = $3::text, description = $4::text, \
    resource_types = $5::text[], version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  /// Moves to a state; forgets failures where it starts afresh.
  static let setState = SQLStatement(
    "webhooks.set_state",
    """
    update clinic.webhooks set state = $3::int2, disable_reason = $4::int2, \
    failed_attempts = case when $5::bool then 0 else failed_attempts end, \
    dead_letters = case when $5::bool then 0 else dead_letters end, \
    version = version + 1, updated_at = now() where company_id = $1::uuid and id = $2::uuid
    """)

  static let rotate = SQLStatement(
    "webhooks.rotate",
    """
    update clinic.webhooks set secret = $3::bytea, \
    previous_secret = case when $4::timestamptz > now() then secret end, \
    previous_secret_until = case when $4::timestamptz > now() then $4::timestamptz end, \
    version = version + 1, updated_at = now() where company_id = $1::uuid and id = $2::uuid
    """)

  static let replay = SQLStatement(
    "webhooks.replay",
    """
    update clinic.webhooks set position = $3::int8, delivered_sequence = $3::int8, \
    failed_attempts = 0, dead_letters = 0, version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let delete = SQLStatement(
    "webhooks.delete", "delete from clinic.webhooks where company_id = $1::uuid and id = $2::uuid")

  // MARK: Sending

  static let move = SQLStatement(
    "webhooks.move",
    """
    update clinic.webhooks set position = $3::int8 where company_id = $1::uuid and id = $2::uuid
    """)

  /// Notes that an attempt is under way; null for none.
  static let lease = SQLStatement(
    "webhooks.lease",
    """
    update clinic.webhooks set attempt_id = $3::uuid, leased_until = $4::timestamptz \
    where company_id = $1::uuid and id = $2::uuid
    """)

  /// Notes what an attempt came to for the endpoint.
  static let settle = SQLStatement(
    "webhooks.settle",
    """
    update clinic.webhooks set position = greatest(position, $3::int8), \
    delivered_sequence = greatest(delivered_sequence, $3::int8), \
    failed_attempts = $4::int4, dead_letters = $5::int4 \
    where company_id = $1::uuid and id = $2::uuid
    """)

  // MARK: Deliveries

  /// The columns of a delivery, in the order that `WebhookDelivery.init(row:)` reads.
  private static let deliveryColumns = """
    d.id, d.webhook_id, d.after_sequence, d.sequence, d.change_count, d.state, d.attempt_count, \
    d.attempted_at, d.durations, d.status_codes, d.failures, d.details, d.next_attempt_at, \
    d.created_at, d.finished_at, d.resource_types, d.attempts_left
    """

  static let insertDelivery = SQLStatement(
    "webhooks.insert_delivery",
    """
    insert into clinic.webhook_deliveries (company_id, id, webhook_id, after_sequence, sequence, \
    change_count, resource_types, attempts_left, next_attempt_at) \
    values ($1::uuid, $2::uuid, $3::uuid, $4::int8, $5::int8, $6::int4, $7::text[], $8::int4, now())
    """)

  static let pending = SQLStatement(
    "webhooks.pending",
    """
    select \(deliveryColumns) from clinic.webhook_deliveries d where d.company_id = $1::uuid \
    and d.webhook_id = $2::uuid and d.state = 1 for update of d
    """)

  static let delivery = SQLStatement(
    "webhooks.delivery",
    """
    select \(deliveryColumns) from clinic.webhook_deliveries d \
    where d.company_id = $1::uuid and d.id = $2::uuid
    """)

  static let deliveries = SQLStatement(
    "webhooks.deliveries",
    """
    select \(deliveryColumns) from clinic.webhook_deliveries d \
    where d.company_id = $1::uuid and d.webhook_id = $2::uuid \
    and ($3::uuid is null or d.id < $3::uuid) and ($4::int2 = 0 or d.state = $4::int2) \
    order by d.id desc limit $5::int8
    """)

  /// The log's entries of a delivery.
  static let entries = SQLStatement(
    "webhooks.entries",
    """
    select \(ChangeLog.columns) from clinic.changes c where c.company_id = $1::uuid \
    and c.sequence > $2::int8 and c.sequence <= $3::int8 \
    and (cardinality($4::text[]) = 0 or c.resource_type = any($4::text[])) order by c.sequence
    """)

  /// Adds an attempt to a delivery, and keeps the last 20.
  static let note = SQLStatement(
    "webhooks.note",
    """
    update clinic.webhook_deliveries set state = $3::int2, attempt_count = attempt_count + 1, \
    attempts_left = attempts_left - 1, \
    attempted_at = (attempted_at || $4::timestamptz)[greatest(cardinality(details) - 18, 1):], \
    durations = (durations || $5::int4)[greatest(cardinality(details) - 18, 1):], \
    status_codes = (status_codes || $6::int4)[greatest(cardinality(details) - 18, 1):], \
    failures = (failures || $7::int2)[greatest(cardinality(details) - 18, 1):], \
    details = (details || $8::text)[greatest(cardinality(details) - 18, 1):], \
    next_attempt_at = $9::timestamptz, \
    finished_at = case when $3::int2 > 1 then coalesce(finished_at, now()) end \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let restart = SQLStatement(
    "webhooks.restart",
    """
    update clinic.webhook_deliveries set attempts_left = $3::int4, next_attempt_at = now() \
    where company_id = $1::uuid and webhook_id = $2::uuid and state = 1
    """)

  static let drop = SQLStatement(
    "webhooks.drop",
    """
    delete from clinic.webhook_deliveries \
    where company_id = $1::uuid and webhook_id = $2::uuid and state = 1
    """)

  /// Forgets what has been over for a month: ids begin with their time.
  static let forget = SQLStatement(
    "webhooks.forget",
    """
    delete from clinic.webhook_deliveries where company_id = $1::uuid and webhook_id = $2::uuid \
    and id < $3::uuid and state > 1
    """)

  /// Has the idle endpoints of clinics look at their logs.
  static let wake = SQLStatement(
    "timers.wake", "select clinic.wake_timers($1::text, $2::uuid[])")

  /// Every statement, for the test of their plans.
  static let all = [
    insert, count, get, list, lock, look, update, setState, rotate, replay, delete, move, lease,
    settle, insertDelivery, pending, delivery, deliveries, entries, note, restart, drop, forget
  ]
}
