internal import ClinicContracts
internal import PostgresClient

/// The statements of the follow-ups slice.
enum FollowUpStatements {
  /// The columns of a follow-up, in the order that `FollowUp.init(row:)` reads.
  static let columns = """
    f.id, f.title, f.details, f.patient_id, f.note_id, f.appointment_id, f.priority, f.state, \
    f.assignee_staff_id, f.assignee_role_id, \(name("assignee")), \
    f.escalation_staff_id, f.escalation_role_id, \(name("escalation")), \
    f.respond_by, f.due_at, f.responded_at, f.snoozed_until, f.missed, f.escalated_at, f.outcome, \
    f.outcome_text, f.closed_at, f.closed_by, f.creator_id, f.created_at, f.updated_at, f.version, \
    \(ActorMessage.names(of: "closed_by", in: "f")), \(ActorMessage.names(of: "creator_id", in: "f"))
    """

  /// The name of a member of staff or a role.
  private static func name(_ target: String) -> String {
    """
    coalesce((select s.display_name from clinic.staff s \
    where s.company_id = f.company_id and s.id = f.\(target)_staff_id), \
    (select r.name from clinic.roles r \
    where r.company_id = f.company_id and r.id = f.\(target)_role_id))
    """
  }

  static let get = SQLStatement(pointRead: "follow_ups.get", by: "$2") { isKey in
    "select \(columns) from clinic.follow_ups f where f.company_id = $1::uuid and f.id \(isKey)"
  }

  static let lock = SQLStatement(
    "follow_ups.lock",
    """
    select \(columns) from clinic.follow_ups f \
    where f.company_id = $1::uuid and f.id = $2::uuid for update of f
    """)

  /// What a follow-up refers to: the patients of the note and of the appointment, whether the
  /// patient is there, the names of the two who may get it, and whether they have left.
  static let references = SQLStatement(
    "follow_ups.references",
    """
    select (select n.patient_id from clinic.notes n \
    where n.company_id = $1::uuid and n.id = $2::uuid), \
    (select a.patient_id from clinic.appointments a \
    where a.company_id = $1::uuid and a.id = $8::uuid), \
    exists (select from clinic.patients p where p.company_id = $1::uuid and p.id = $3::uuid), \
    \(target(4, 5)), \(target(6, 7)), \(hasLeft(4)), \(hasLeft(6))
    """)

  private static func target(_ staff: Int, _ role: Int) -> String {
    """
    coalesce((select s.display_name from clinic.staff s \
    where s.company_id = $1::uuid and s.id = $\(staff)::uuid), \
    (select r.name from clinic.roles r where r.company_id = $1::uuid and r.id = $\(role)::uuid))
    """
  }

  private static func hasLeft(_ staff: Int) -> String {
    """
    exists (select from clinic.staff s \
    where s.company_id = $1::uuid and s.id = $\(staff)::uuid and s.state <> 1)
    """
  }

  static let insert = SQLStatement(
    "follow_ups.insert",
    """
    insert into clinic.follow_ups (company_id, id, title, details, priority, state, \
    assignee_staff_id, assignee_role_id, escalation_staff_id, escalation_role_id, respond_by, \
    due_at, responded_at, snoozed_until, missed, escalated_at, outcome, outcome_text, closed_at, \
    closed_by, patient_id, note_id, appointment_id, creator_id) \
    values ($1::uuid, $2::uuid, $3::text, $4::text, $5::int2, $6::int2, $7::uuid, $8::uuid, \
    $9::uuid, $10::uuid, $11::timestamptz, $12::timestamptz, $13::timestamptz, $14::timestamptz, \
    $15::int2, $16::timestamptz, $17::int2, $18::text, $19::timestamptz, $20::uuid, $21::uuid, \
    $22::uuid, $23::uuid, $24::uuid)
    """)

  static let update = SQLStatement(
    "follow_ups.update",
    """
    update clinic.follow_ups set title = $3::text, details = $4::text, priority = $5::int2, \
    state = $6::int2, assignee_staff_id = $7::uuid, assignee_role_id = $8::uuid, \
    escalation_staff_id = $9::uuid, escalation_role_id = $10::uuid, respond_by = $11::timestamptz, \
    due_at = $12::timestamptz, responded_at = $13::timestamptz, snoozed_until = $14::timestamptz, \
    missed = $15::int2, escalated_at = $16::timestamptz, outcome = $17::int2, \
    outcome_text = $18::text, closed_at = $19::timestamptz, closed_by = $20::uuid, \
    version = version + 1, updated_at = now() where company_id = $1::uuid and id = $2::uuid
    """)

  /// Every statement, for the tests of plans.
  static let all = [
    get, lock, references, insert, update
  ]
}
