internal import PostgresClient
internal import struct Foundation.UUID

/// Something that the servers have to do at a time, once: kept in the database, so that it outlives
/// them.
struct SchedulingJob: Sendable {
  /// What is to be done.
  enum Kind: Int16, Sendable {
    /// An appointment freed its time: it is offered to those who wait.
    case freed = 1
    /// An appointment's hold ends.
    case hold = 2
    /// A series is to be booked further.
    case series = 3
  }

  let id: Int64
  let companyID: UUID
  /// Nil for a job of a later version of the server, which that one will do.
  let kind: Kind?
  let subjectID: UUID
  /// How long it is until then.
  let wait: Duration

  init(row: PostgresRow) throws {
    id = try row.decode(0)
    companyID = try row.decode(1)
    kind = Kind(rawValue: try row.decode(2))
    subjectID = try row.decode(3)
    wait = .seconds(try row.decode(4, as: Double.self))
  }
}

/// The statements of the jobs.
enum SchedulingJobStatements {
  /// The channel on which servers tell each other of new jobs.
  static let channel = "clinic_scheduling_jobs"

  /// The jobs of all clinics that come next: ids alone.
  static let next = SQLStatement(
    "scheduling_jobs.next",
    "select id, company_id, kind, subject_id, due_in from clinic.next_scheduling_jobs($1::int4)")

  /// Takes a job of the entered company; false where another server has it.
  static let take = SQLStatement(
    "scheduling_jobs.take", "select clinic.take_scheduling_job($1::int8)")

  /// Puts off a job that could not be done.
  static let postpone = SQLStatement(
    "scheduling_jobs.postpone", "select clinic.postpone_scheduling_job($1::int8)")

  /// Adds a job of the entered company.
  static let enqueue = SQLStatement(
    "scheduling_jobs.enqueue",
    "select clinic.enqueue_scheduling_job($1::uuid, $2::int2, $3::uuid, $4::timestamptz)")

  /// Every statement, for the test of their plans.
  static let all = [
    next, take, postpone, enqueue
  ]
}
