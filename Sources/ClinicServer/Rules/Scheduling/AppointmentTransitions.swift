package import ClinicContracts

/// What is done with an appointment that exists.
package enum AppointmentVerb: String, Sendable, Hashable, CaseIterable {
  case accept, confirm, arrive, start, complete, reschedule, cancel
  case checkIn = "check_in"
  case markNoShow = "mark_no_show"
  case markLeftBeforeSeen = "mark_left_before_seen"
  case markEnteredInError = "mark_entered_in_error"
}

/// What leads where: the one table of an appointment's statuses, as the contract documents it.
package enum AppointmentTransitions {
  /// From where to where a verb leads.
  package struct Transition: Sendable {
    package let verb: AppointmentVerb
    package let from: [AppointmentStatus]
    package let to: AppointmentStatus
  }

  /// Every transition.
  package static let table: [Transition] = [
    Transition(verb: .accept, from: [.requested, .held], to: .booked),
    Transition(verb: .confirm, from: [.booked], to: .confirmed),
    Transition(verb: .arrive, from: [.booked, .confirmed, .noShow], to: .arrived),
    Transition(verb: .checkIn, from: [.booked, .confirmed, .arrived], to: .checkedIn),
    Transition(verb: .start, from: [.arrived, .checkedIn], to: .inConsultation),
    Transition(verb: .complete, from: [.inConsultation], to: .completed),
    Transition(verb: .reschedule, from: [.booked, .confirmed, .arrived], to: .cancelled),
    Transition(
      verb: .cancel, from: [.requested, .held, .booked, .confirmed, .arrived, .checkedIn],
      to: .cancelled),
    Transition(verb: .markNoShow, from: [.booked, .confirmed], to: .noShow),
    Transition(verb: .markLeftBeforeSeen, from: [.arrived, .checkedIn], to: .leftBeforeSeen),
    Transition(
      verb: .markEnteredInError, from: allStatuses.filter { $0 != .enteredInError },
      to: .enteredInError)
  ]

  /// Every status that an appointment can have.
  package static let allStatuses: [AppointmentStatus] = (1...12).map(AppointmentStatus.init)

  /// Where a verb leads from a status; nil where it leads nowhere.
  package static func target(
    of verb: AppointmentVerb, from status: AppointmentStatus
  ) -> AppointmentStatus? {
    table.first { $0.verb == verb && $0.from.contains(status) }?.to
  }

  /// How long before the day of an appointment its patient may come, in seconds: whoever is due soon
  /// after midnight is there before it.
  package static let midnightGrace: Int64 = 4 * 3_600

  /// From when on a verb makes sense for an appointment; nil where it always does.
  package static func earliest(
    for verb: AppointmentVerb, start: Int64, clock: LocalTimeResolver
  ) -> Int64? {
    switch verb {
    case .arrive, .checkIn, .start:
      clock.instant(of: LocalMoment(day: clock.local(at: start).day)) - midnightGrace
    case .markNoShow: start
    default: nil
    }
  }

  /// What is allowed in a status.
  package static func allowed(in status: AppointmentStatus) -> [AppointmentVerb] {
    table.filter { $0.from.contains(status) }.map(\.verb)
  }
}

extension AppointmentStatus {
  /// Whether an appointment takes up the time of its patient and resources.
  package var takesUpTime: Bool {
    (AppointmentStatus.held.rawValue...AppointmentStatus.inConsultation.rawValue)
      .contains(rawValue)
  }

  /// The status in lower case, as `checked_in`.
  package var name: String {
    switch self {
    case .unspecified: "unspecified"
    case .requested: "requested"
    case .held: "held"
    case .booked: "booked"
    case .confirmed: "confirmed"
    case .arrived: "arrived"
    case .checkedIn: "checked_in"
    case .inConsultation: "in_consultation"
    case .completed: "completed"
    case .cancelled: "cancelled"
    case .noShow: "no_show"
    case .leftBeforeSeen: "left_before_seen"
    case .enteredInError: "entered_in_error"
    case .unrecognized(let number): "status_\(number)"
    }
  }
}
