public import ClinicContracts
public import RPCCore

extension ClinicClient {
  /// Follows the clinic's change log: gives `body` every reply, in order and each entry once, until
  /// it returns false or the task is cancelled.
  ///
  /// A watch ends when its server stops, its connection breaks, its token is renewed or its time is
  /// over. This goes on with another one after the last entry that `body` was given, on whichever
  /// server answers.
  ///
  /// - Parameters:
  ///   - request: What to watch, and where to begin.
  ///   - patience: How long to try when nothing comes of it; for ever where it is nil.
  /// - Throws: What the server refuses for good, such as PERMISSION_DENIED, or OUT_OF_RANGE where
  ///   its log does not reach as far as the caller's; DATA_LOSS where the log has a gap.
  public func followChanges(
    _ request: WatchChangesRequest, options: CallOptions = CallOptions(),
    patience: Duration? = nil, _ body: (WatchChangesResponse) async throws -> Bool
  ) async throws {
    var request = request
    try await Following(patience: patience).run { progress in
      let known = request.afterSequence
      return try await changes.watch(request, options: options) { replies in
        var last = known
        for try await reply in replies {
          if let last, reply.afterSequence != last {
            throw RPCError(
              code: .dataLoss, message: "Changes are missing after \(last)", reason: "GAP")
          }
          let goesOn = try await progress.giving { try await body(reply) }
          last = reply.sequence
          request.afterSequence = reply.sequence
          if !goesOn { return .finished }
        }
        return .interrupted
      }
    }
  }

  /// Follows the clinic's dashboard: gives `body` the dashboard as it stands, and again whenever it
  /// changes, until it returns false or the task is cancelled. Goes on as ``followChanges`` does.
  ///
  /// - Parameters:
  ///   - patience: How long to try when nothing comes of it; for ever where it is nil.
  ///   - interrupted: Told whenever a watch has ended and another one is tried.
  public func followDashboard(
    options: CallOptions = CallOptions(), patience: Duration? = nil,
    interrupted: () -> Void = {}, _ body: (Dashboard) async throws -> Bool
  ) async throws {
    var current: Dashboard?
    var isFirst = true
    try await Following(patience: patience).run { progress in
      if !isFirst { interrupted() }
      isFirst = false
      let request = WatchDashboardRequest(afterSequence: current?.sequence, date: current?.date)
      do {
        return try await dashboard.watch(request, options: options) { replies in
          for try await reply in replies {
            let next = try Self.dashboard(current, after: reply)
            current = next
            if try await progress.giving({ try await !body(next) }) { return .finished }
          }
          return .interrupted
        }
      } catch let error as RPCError where error.code == .outOfRange {
        // The log was cut, as by a restore: what is known is of no use.
        current = nil
        return .interrupted
      }
    }
  }

  /// The dashboard that a reply makes of the one before.
  private static func dashboard(
    _ known: Dashboard?, after reply: WatchDashboardResponse
  ) throws -> Dashboard {
    if case .dashboard(let whole) = reply.content { return whole }
    guard var dashboard = known, dashboard.sequence == reply.afterSequence else {
      throw RPCError(
        code: .dataLoss, message: "Changes of the dashboard are missing", reason: "GAP")
    }
    dashboard.sequence = reply.sequence
    guard case .change(let change) = reply.content else { return dashboard }
    dashboard.asOfTime = change.asOfTime
    dashboard.summary = change.summary
    dashboard.resources = change.resources
    let gone = Set(change.removedAppointmentIds + change.board.map(\.appointmentID))
    dashboard.board.removeAll { gone.contains($0.appointmentID) }
    dashboard.board = (dashboard.board + change.board).sorted {
      ($0.startTime?.seconds ?? 0, $0.appointmentID) < (
        $1.startTime?.seconds ?? 0, $1.appointmentID
      )
    }
    return dashboard
  }
}
