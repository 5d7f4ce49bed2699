internal import PostgresClient

/// The statements of the waitlist.
enum WaitlistStatements {
  /// An offer that nobody took in time has ended, whether or not anything has noted it yet.
  private static let offerState =
    "case when o.state = 1 and o.expires_at <= now() then 4::int2 else o.state end"

  /// The columns of an offer, in the order that `WaitlistOffer.init(row:from:)` reads.
  private static let offerColumns = """
    o.id, o.entry_id, o.appointment_id, a.starts_at, a.ends_at, \(offerState), o.created_at, \
    o.expires_at, o.resolved_at
    """

  private static let offerSource = """
    clinic.waitlist_offers o join clinic.appointments a \
    on a.company_id = o.company_id and a.id = o.appointment_id
    """

  /// The columns of an entry, in the order that `WaitlistEntry.init(row:)` reads; those of its
  /// latest offer last.
  private static let columns = """
    e.id, e.patient_id, \(AppointmentStatements.patientName), e.type_id, t.name, e.resource_ids, \
    e.earliest, e.latest, e.windows, e.rank, e.notes, e.notice_minutes, \
    case when e.state = 2 and offer.state = 4 then 1::int2 else e.state end, \
    e.created_at, e.updated_at, e.version, \
    offer.id, offer.entry_id, offer.appointment_id, offer.starts_at, offer.ends_at, offer.state, \
    offer.created_at, offer.expires_at, offer.resolved_at
    """

  private static let source = """
    clinic.waitlist_entries e \
    join clinic.patients p on p.company_id = e.company_id and p.id = e.patient_id \
    join clinic.appointment_types t on t.company_id = e.company_id and t.id = e.type_id \
    left join lateral (select o.id, o.entry_id, o.appointment_id, a.starts_at, a.ends_at, \
    \(offerState) as state, o.created_at, o.expires_at, o.resolved_at from \(offerSource) \
    where o.company_id = e.company_id and o.entry_id = e.id order by o.id desc limit 1) offer on true
    """

  static let get = SQLStatement(pointRead: "waitlist.get", by: "$2") { isKey in
    "select \(columns) from \(source) where e.company_id = $1::uuid and e.id \(isKey)"
  }

  static let lock = SQLStatement(
    "waitlist.lock",
    """
    select \(columns) from \(source) where e.company_id = $1::uuid and e.id = $2::uuid \
    for update of e
    """)

  /// In the order of offers. Without a state, those that are not done with.
  static let list = SQLStatement(
    "waitlist.list",
    """
    select \(columns) from \(source) where e.company_id = $1::uuid \
    and (e.rank, e.id) > ($2::int2, $3::uuid) \
    and ($4::uuid is null or e.patient_id = $4::uuid) \
    and ($5::uuid is null or e.type_id = $5::uuid) \
    and case when $6::int2 = 0 then e.state in (1, 2) else e.state = $6::int2 end \
    order by e.rank, e.id limit $7::int8
    """)

  /// Whether what an appointment freed may be of use to an entry that waits, as far as it can be told
  /// without looking for a time: nobody who had it or was offered it before, on no day that does not
  /// suit, and something of it is of a kind that the type needs and is not named otherwise.
  private static let isOfUse = """
    e.state = 1 and t.state = 1 and p.state = 1 and e.patient_id <> freed.patient_id \
    and (e.earliest is null or e.earliest <= (freed.ends_at at time zone $3::text)::date) \
    and (e.latest is null or e.latest >= (freed.starts_at at time zone $3::text)::date) \
    and not exists (select from \(offerSource) where o.company_id = e.company_id \
    and o.entry_id = e.id and a.starts_at < freed.ends_at and a.ends_at > freed.starts_at) \
    and exists (select from clinic.appointment_resources ar \
    join clinic.resources r on r.company_id = ar.company_id and r.id = ar.resource_id \
    where ar.company_id = e.company_id and ar.appointment_id = freed.id and r.state = 1 \
    and exists (select from jsonb_array_elements(t.needs) need \
    where need ->> 'kind' = case r.kind when 1 then 'RESOURCE_KIND_PRACTITIONER' \
    when 2 then 'RESOURCE_KIND_ROOM' else 'RESOURCE_KIND_EQUIPMENT' end) \
    and (r.id = any(e.resource_ids) or not exists (select from clinic.resources named \
    where named.company_id = e.company_id and named.id = any(e.resource_ids) \
    and named.kind = r.kind)))
    """

  /// Who waits for a time that an appointment freed, after a place in the order.
  static let waiting = SQLStatement(
    "waitlist.waiting",
    """
    select \(columns) from \(source) \
    join clinic.appointments freed on freed.company_id = e.company_id and freed.id = $2::uuid \
    where e.company_id = $1::uuid and (e.rank, e.id) > ($4::int2, $5::uuid) and \(isOfUse) \
    order by e.rank, e.id limit $6::int8
    """)

  /// The times that were freed while an entry had its latest offer, the latest first. What was freed
  /// in a transaction that began shortly before the offer may have come after it.
  static let missedTimes = SQLStatement(
    "waitlist.missed_times",
    """
    select \(freedColumns) from \(source) \
    join clinic.appointments freed on freed.company_id = e.company_id \
    where e.company_id = $1::uuid and e.id = $2::uuid and freed.company_id = $1::uuid \
    and freed.status in (9, 12) and freed.status_at > offer.created_at - interval '5 minutes' \
    and freed.starts_at > now() and \(isOfUse) order by freed.status_at desc limit 100
    """)

  static let insert = SQLStatement(
    "waitlist.insert",
    """
    insert into clinic.waitlist_entries (company_id, id, patient_id, type_id, resource_ids, \
    earliest, latest, windows, rank, notes, notice_minutes) \
    values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid[], $6::date, $7::date, $8::int4[], \
    $9::int2, $10::text, $11::int4)
    """)

  static let update = SQLStatement(
    "waitlist.update",
    """
    update clinic.waitlist_entries set resource_ids = $3::uuid[], earliest = $4::date, \
    latest = $5::date, windows = $6::int4[], rank = $7::int2, notes = $8::text, \
    notice_minutes = $9::int4, version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  static let remove = SQLStatement(
    "waitlist.remove",
    """
    update clinic.waitlist_entries set state = 4, version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid
    """)

  /// Takes an entry for an offer; nothing where it has one, or does not wait any more.
  static let take = SQLStatement(
    "waitlist.take",
    """
    update clinic.waitlist_entries set state = 2, version = version + 1, updated_at = now() \
    where company_id = $1::uuid and id = $2::uuid and state = 1 returning id
    """)

  static let insertOffer = SQLStatement(
    "waitlist.insert_offer",
    """
    insert into clinic.waitlist_offers (company_id, id, entry_id, appointment_id, expires_at) \
    values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::timestamptz)
    """)

  static let offer = SQLStatement(
    "waitlist.offer",
    """
    select \(offerColumns) from \(offerSource) where o.company_id = $1::uuid and o.id = $2::uuid
    """)

  /// The patient comes last.
  static let offers = SQLStatement(
    "waitlist.offers",
    """
    select \(offerColumns), a.patient_id from \(offerSource) where o.company_id = $1::uuid \
    and ($2::uuid is null or o.id < $2::uuid) and ($3::uuid is null or o.entry_id = $3::uuid) \
    and ($4::int2 = 0 or \(offerState) = $4::int2) order by o.id desc limit $5::int8
    """)

  /// An appointment's time, and what it took.
  private static let freedColumns = """
    freed.starts_at, freed.ends_at, array(select ar.resource_id \
    from clinic.appointment_resources ar \
    where ar.company_id = freed.company_id and ar.appointment_id = freed.id)
    """

  static let freedTime = SQLStatement(
    "waitlist.freed_time",
    """
    select \(freedColumns) from clinic.appointments freed \
    where freed.company_id = $1::uuid and freed.id = $2::uuid
    """)

  /// Which of some resources the clinic has.
  static let knownResources = SQLStatement(
    "waitlist.known_resources",
    """
    select r.id from clinic.resources r \
    where r.company_id = $1::uuid and r.id = any($2::uuid[])
    """)

  /// Every statement, for the test of their plans.
  static let all = [
    get, lock, list, waiting, missedTimes, insert, update, remove, take, insertOffer, offer,
    offers, freedTime, knownResources
  ]
}
