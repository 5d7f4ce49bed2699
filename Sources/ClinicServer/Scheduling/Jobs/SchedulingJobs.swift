internal import Logging
internal import PostgresClient
internal import RPCCore

/// Does the jobs of scheduling as their time comes. Every server does: a job is taken out of the
/// queue by the transaction that does it, so each is done once, and none is lost by a server that
/// dies. Servers sleep until the next job's time, or until they hear of a new one.
struct SchedulingJobs: Sendable {
  /// The most jobs that are read at a time.
  private static let batch: Int32 = 50
  /// The longest sleep, in case a notification went missing, and the shortest, while others have the
  /// jobs that are due.
  private static let longestSleep = Duration.seconds(60)
  private static let shortestSleep = Duration.milliseconds(100)

  let database: Database
  let pageTokens: PageTokens
  let logger: Logger

  /// Works until the task is cancelled.
  func run() async {
    let (wakes, wake) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await _ in database.client.notifications([SchedulingJobStatements.channel]) {
          wake.yield()
        }
      }
      group.addTask {
        var wakes = wakes.makeAsyncIterator()
        while !Task.isCancelled {
          let pause = await work()
          // Ends with the wait that it ends.
          let alarm = Task {
            try await Task.sleep(for: pause)
            wake.yield()
          }
          await wakes.next()
          alarm.cancel()
        }
      }
      await group.next()
      group.cancelAll()
    }
  }

  /// Does what is due, and tells how long there is nothing to do.
  private func work() async -> Duration {
    do {
      let deadline = Deadline.after(.seconds(30))
      let rows = try await database.client.pipeline(
        [SchedulingJobStatements.next(Self.batch)], deadline: deadline.postgres)[0]
      let jobs = try (0..<rows.count).map { try SchedulingJob(row: rows[$0]) }
      let due = jobs.filter { $0.wait <= .zero }
      var done = 0
      for job in due where await perform(job) { done += 1 }
      if done > 0 { return .zero }
      let wait = due.isEmpty ? jobs.first?.wait : Self.shortestSleep
      return min(max(wait ?? Self.longestSleep, Self.shortestSleep), Self.longestSleep)
    } catch {
      logger.warning(
        "scheduling jobs not read", metadata: ["error": "\(ErrorText.forLog(error))"])
      return .seconds(1)
    }
  }

  /// Whether the job is out of the way: done, or put off.
  private func perform(_ job: SchedulingJob) async -> Bool {
    do {
      return try await attempt(job)
    } catch {
      guard !Task.isCancelled else { return false }
      logger.warning(
        "scheduling job put off",
        metadata: [
          "kind": "\(job.kind?.rawValue ?? 0)", "company": "\(job.companyID.text)",
          "error": "\(ErrorText.forLog(error))"
        ])
      _ = try? await database.client.pipeline(
        [SchedulingJobStatements.postpone(job.id)],
        deadline: Deadline.after(.seconds(5)).postgres)
      return true
    }
  }

  private func attempt(_ job: SchedulingJob) async throws -> Bool {
    // One of a later version: that version's servers do it.
    guard let kind = job.kind else { throw RPCError.unimplemented("no such job") }
    let booking = try await Booking(SystemActor.scope(in: job.companyID, of: database))
    return try await booking.settle {
      try await booking.scope.change { mutation in
        let taken = try await mutation.query(SchedulingJobStatements.take(job.id))
        guard try taken[0].decode(0, as: Bool.self) else { return false }
        switch kind {
        case .freed:
          try await OfferMaker(booking: booking).offerTime(freedBy: job.subjectID, by: mutation)
        case .hold:
          try await booking.sweep(by: mutation)
        case .series:
          try await AppointmentSeriesHandler(database: database, pageTokens: pageTokens)
            .bookFurther(job.subjectID, booking: booking, by: mutation)
        }
        return true
      }
    }
  }
}
