internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime

/// The times of a follow-up: how long each priority may take, and what happens when one passes.
enum FollowUpClock {
  /// How long a follow-up may take where it does not say itself.
  static func limits(
    of priority: FollowUpPriority
  ) -> (response: Duration, completion: Duration) {
    switch priority {
    case .low: (.hours(72), .hours(720))
    case .high: (.hours(4), .hours(24))
    case .urgent: (.minutes(30), .hours(4))
    default: (.hours(24), .hours(168))
    }
  }

  /// Something that happens by itself.
  enum Event {
    /// The snooze ends.
    case woken
    /// A time is missed.
    case missed(FollowUpMissedTime)
  }

  /// What has happened to a follow-up by a moment and is not noted yet.
  static func events(of followUp: FollowUp, at now: PostgresTimestamp) -> [Event] {
    pending(followUp).filter { $0.moment <= now }.map(\.event)
  }

  /// When something happens next; nil where nothing will.
  static func next(of followUp: FollowUp) -> PostgresTimestamp? {
    pending(followUp).map(\.moment).min()
  }

  private static func pending(
    _ followUp: FollowUp
  ) -> [(moment: PostgresTimestamp, event: Event)] {
    guard followUp.state.isActive else { return [] }
    var events: [(PostgresTimestamp, Event)] = []
    if followUp.state == .snoozed, let until = followUp.snoozeTime {
      events.append((PostgresTimestamp(until), .woken))
    }
    if followUp.missedTime == .unspecified, followUp.respondTime == nil,
      let moment = followUp.respondByTime
    {
      events.append((PostgresTimestamp(moment), .missed(.response)))
    }
    if followUp.missedTime != .due, let moment = followUp.dueTime {
      events.append((PostgresTimestamp(moment), .missed(.due)))
    }
    return events
  }
}

extension FollowUp {
  /// Notes the end of the snooze, and tells which fields that changed.
  mutating func wake() -> [String] {
    state = .open
    snoozeTime = nil
    return ["state"]
  }

  /// Notes a missed time, and tells which fields that changed.
  ///
  /// - Parameter handingOver: Gives it to whoever it goes to then.
  mutating func miss(
    _ time: FollowUpMissedTime, handingOver: Bool, at now: PostgresTimestamp
  ) -> [String] {
    missedTime = time
    escalateTime = Timestamp(now)
    guard handingOver, let escalation, assignee?.target != escalation.target else {
      return ["missed_time"]
    }
    assignee = escalation
    return ["missed_time", "assignee"]
  }
}

extension Duration {
  fileprivate static func hours(_ count: Int) -> Duration { .seconds(count * 3_600) }
  fileprivate static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
}
