internal import PostgresClient

/// The statements of the notes slice.
enum NoteStatements {
  /// The columns of a note, in the order that `Note.init(row:)` reads.
  static let columns = """
    n.id, n.patient_id, n.appointment_id, n.kind, v.title, v.body, v.state, v.version, \
    v.author_id, case v.author_kind when 1 then (select s.display_name from clinic.staff s \
    where s.company_id = v.company_id and s.id = v.author_id) \
    else (select a.name from clinic.service_accounts a \
    where a.company_id = v.company_id and a.id = v.author_id) end, \
    v.reason, n.created_at, v.written_at, v.author_kind
    """

  /// A note's newest version.
  static let get = SQLStatement(
    "notes.get",
    """
    select \(columns) from clinic.notes n \
    join clinic.note_versions v on v.company_id = n.company_id and v.note_id = n.id \
    where n.company_id = $1::uuid and v.company_id = $1::uuid and n.id = $2::uuid \
    order by v.version desc limit 1
    """)

  /// A note's versions before the one of number `$3`, the newest first, at most `$4`; and of texts that
  /// have `$5` bytes together or more, only the first that goes beyond it.
  static let versions = SQLStatement(
    "notes.versions",
    """
    select \(columns) from ( \
    select p.version, p.size, sum(p.size) over (order by p.version desc) as total from ( \
    select w.version, octet_length(w.body) as size from clinic.note_versions w \
    where w.company_id = $1::uuid and w.note_id = $2::uuid and w.version < $3::int4 \
    order by w.version desc limit $4::int8) p) t \
    join clinic.note_versions v on v.company_id = $1::uuid and v.note_id = $2::uuid \
    and v.version = t.version \
    join clinic.notes n on n.company_id = $1::uuid and n.id = $2::uuid \
    where t.total - t.size <= $5::int8 order by v.version desc
    """)

  /// The state of a patient's record, kept as it is until the end of the transaction.
  static let patient = SQLStatement(
    "notes.patient",
    """
    select p.state from clinic.patients p where p.company_id = $1::uuid and p.id = $2::uuid \
    for share
    """)

  /// The patient of an appointment.
  static let appointment = SQLStatement(
    "notes.appointment",
    """
    select a.patient_id from clinic.appointments a \
    where a.company_id = $1::uuid and a.id = $2::uuid
    """)

  static let insert = SQLStatement(
    "notes.insert",
    """
    insert into clinic.notes (company_id, id, patient_id, appointment_id, kind) \
    values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::int2)
    """)

  static let insertVersion = SQLStatement(
    "notes.insert_version",
    """
    insert into clinic.note_versions \
    (company_id, note_id, version, state, title, body, reason, author_id, author_kind) \
    values ($1::uuid, $2::uuid, $3::int4, $4::int2, $5::text, $6::text, $7::text, $8::uuid, $9::int2)
    """)

  /// Every statement, for the tests of plans.
  static let all = [
    get, versions, patient, appointment, insert, insertVersion
  ]
}
