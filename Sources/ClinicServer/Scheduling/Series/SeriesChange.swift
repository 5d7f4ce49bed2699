internal import ClinicContracts
internal import ProtobufRuntime
internal import RPCCore

/// What a change makes of the occurrences of a series: without any I/O.
struct SeriesChange {
  /// The series with its new values.
  let series: AppointmentSeries
  let recurrence: Recurrence

  /// The appointments take others' time, length or resources, so none stays.
  private let movesAll: Bool

  /// Merges an update into a part of a series.
  init(
    _ part: AppointmentSeriesHandler.Part, _ update: AppointmentSeries, paths: [String],
    clock: LocalTimeResolver
  ) throws {
    var old = part.recurrence
    // What was cancelled or taken back by itself does not take place after the change either.
    let standing = Set(
      part.appointments.filter { !$0.isTakenBack }.compactMap { $0.recurrenceTime?.seconds })
    for appointment in part.appointments where appointment.isTakenBack {
      guard let instant = appointment.recurrenceTime?.seconds, !standing.contains(instant),
        let moment = old.occurrence(at: instant, clock: clock)
      else { continue }
      old.exceptions.insert(moment)
    }
    var merged = part.series
    merged.pattern = RecurrencePattern(old)
    try merged.merge(update, paths: paths)
    try merged.checkRules(path: "series")
    var new = try (merged.pattern ?? RecurrencePattern())
      .recurrence(path: "series.pattern", clock: clock)
    new.shift(
      by: new.start.naive - old.start.naive, additions: new.additions == old.additions,
      exceptions: new.exceptions == old.exceptions)
    merged.pattern = RecurrencePattern(new)
    series = merged
    recurrence = new
    movesAll =
      merged.resourceIds != part.series.resourceIds
      || merged.lengthMinutes != part.series.lengthMinutes
  }

  /// What becomes of the appointments.
  struct Sorting {
    /// Those that stay as they are.
    var kept: [Appointment] = []
    /// Those that give up their time.
    var moved: [Appointment] = []
    /// The occurrences that are to be booked.
    var instants: [Int64] = []
  }

  /// Sorts the appointments by what becomes of them. What has begun, or is over, stays, and so does
  /// an occurrence that somebody moved, as long as the pattern still has it.
  func sort(_ appointments: [Appointment], into instants: [Int64], now: Int64) -> Sorting {
    var sorting = Sorting()
    var occupied: Set<Int64> = []
    let wanted = Set(instants)
    for appointment in appointments {
      let recurrence = appointment.recurrenceTime?.seconds ?? 0
      let isAhead =
        appointment.span.start > now
        && [.requested, .held, .booked, .confirmed].contains(appointment.status)
      if !isAhead {
        if !appointment.isTakenBack { occupied.insert(recurrence) }
      } else if !movesAll && wanted.contains(recurrence) {
        sorting.kept.append(appointment)
        occupied.insert(recurrence)
      } else {
        sorting.moved.append(appointment)
      }
    }
    sorting.instants = instants.filter { !occupied.contains($0) }
    return sorting
  }
}

extension Appointment {
  /// Whether it was cancelled, or should never have been there.
  fileprivate var isTakenBack: Bool { status == .cancelled || status == .enteredInError }
}

extension Recurrence {
  /// Moves what is added and left out along with the start.
  mutating func shift(
    by seconds: Int64, additions movesAdditions: Bool, exceptions movesExceptions: Bool
  ) {
    guard seconds != 0 else { return }
    func moved(_ moments: Set<LocalMoment>) -> Set<LocalMoment> {
      Set(moments.map { LocalMoment(naive: $0.naive + seconds) })
    }
    if movesAdditions { additions = moved(additions) }
    if movesExceptions { exceptions = moved(exceptions) }
  }
}
