internal import ClinicContracts
internal import RPCCore
internal import Synchronization
internal import struct Foundation.UUID

/// The newest dashboard of each clinic that is watched on this server: read once for all of its
/// watchers, by the first who needs one that is as new.
final class DashboardBoards: Sendable {
  private struct Board {
    var reading: DashboardReading?
    var isReading = false
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var watchers = 0
  }

  private struct State {
    var boards: [UUID: Board] = [:]
    var lastWaiter: UInt64 = 0
  }

  private enum Step {
    case done(DashboardReading)
    case read
    case wait
  }

  private let state = Mutex(State())
  private let database: Database

  init(database: Database) { self.database = database }

  /// Keeps a clinic's dashboard for the time of `body`.
  func keeping<Result>(_ companyID: UUID, _ body: () async throws -> Result) async throws -> Result
  {
    state.withLock { $0.boards[companyID, default: Board()].watchers += 1 }
    defer {
      state.withLock { state in
        state.boards[companyID]?.watchers -= 1
        if state.boards[companyID]?.watchers == 0 { state.boards[companyID] = nil }
      }
    }
    return try await body()
  }

  /// A dashboard that stands for a place in the log or a later one, and is not older than
  /// `youngerThan` ago.
  func reading(
    of companyID: UUID, atLeast sequence: Int64, youngerThan age: Duration = .seconds(3_600)
  ) async throws -> DashboardReading {
    let needed = Deadline.now
    while true {
      try Task.checkCancellation()
      let step = state.withLock { state -> Step in
        if let reading = state.boards[companyID]?.reading,
          reading.dashboard.sequence >= sequence, reading.readAt.advanced(by: age) > needed
        {
          return .done(reading)
        }
        if state.boards[companyID]?.isReading == true { return .wait }
        state.boards[companyID]?.isReading = true
        return .read
      }
      switch step {
      case .done(let reading): return reading
      case .wait: await wait(for: companyID)
      case .read:
        var fresh: DashboardReading?
        defer { finish(companyID, fresh) }
        fresh = try await DashboardReading.read(of: companyID, from: database)
      }
    }
  }

  private func finish(_ companyID: UUID, _ reading: DashboardReading?) {
    let waiters = state.withLock { state in
      state.boards[companyID]?.isReading = false
      if let reading { state.boards[companyID]?.reading = reading }
      defer { state.boards[companyID]?.waiters = [:] }
      return state.boards[companyID].map { Array($0.waiters.values) } ?? []
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when the reading under way has ended, or the task is cancelled.
  private func wait(for companyID: UUID) async {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let waits = state.withLock { state in
          guard state.boards[companyID]?.isReading == true, !Task.isCancelled else { return false }
          state.boards[companyID]?.waiters[id] = continuation
          return true
        }
        if !waits { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.boards[companyID]?.waiters.removeValue(forKey: id) }?.resume()
    }
  }
}
