internal import PostgresClient
internal import RPCCore
internal import struct Foundation.UUID

extension TimerKind {
  /// An appointment freed its time: it is offered to those who wait. Set by the database.
  static let timeFreed = TimerKind(name: "time_freed")
  /// An entry of the waitlist waits again: it is offered what was freed while it had an offer. Set by
  /// the database.
  static let waitResumed = TimerKind(name: "wait_resumed")
  /// An appointment's hold ends. Set by the database.
  static let holdEnd = TimerKind(name: "hold_end")
  /// A series is to be booked further.
  static let seriesHorizon = TimerKind(name: "series_horizon")
}

/// What scheduling does by itself as its time comes.
struct SchedulingTimers: Sendable {
  let database: Database
  let pageTokens: PageTokens

  /// Has a queue do it.
  func register(with timers: TimerQueue) {
    timers.handle(.timeFreed) { timer in
      try await perform(timer) { booking, mutation in
        try await OfferMaker(booking: booking).offerTime(freedBy: timer.subjectID, by: mutation)
      }
    }
    timers.handle(.waitResumed) { timer in
      try await perform(timer) { booking, mutation in
        try await OfferMaker(booking: booking).offerMissedTime(to: timer.subjectID, by: mutation)
      }
    }
    timers.handle(.holdEnd) { timer in
      try await perform(timer) { booking, mutation in try await booking.sweep(by: mutation) }
    }
    timers.handle(.seriesHorizon) { timer in
      try await perform(timer) { booking, mutation in
        try await AppointmentSeriesHandler(database: database, pageTokens: pageTokens)
          .bookFurther(timer.subjectID, booking: booking, by: mutation)
      }
    }
  }

  /// Does what is due in the transaction that takes its timer out.
  private func perform(
    _ timer: DueTimer, _ body: (Booking, Mutation) async throws -> Void
  ) async throws {
    try await Booking.settle(
      in: SystemActor.scope(in: timer.companyID, of: database)
    ) { booking in
      try await booking.scope.change { mutation in
        guard try await timer.take(by: mutation) else { return }
        try await body(booking, mutation)
      }
    }
  }
}
