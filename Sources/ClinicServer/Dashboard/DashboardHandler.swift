package import ClinicContracts
internal import ProtobufRuntime
package import RPCCore
internal import struct Foundation.UUID

/// Serves `clinic.v1.DashboardService`.
package struct DashboardHandler: DashboardService.Handler {
  /// Of so many entries at once, a whole dashboard is sooner sent and taken over.
  static let mostEntries = 1_000

  let database: Database
  let hub: ChangeHub
  let boards: DashboardBoards

  package init(database: Database, hub: ChangeHub) {
    self.database = database
    self.hub = hub
    boards = DashboardBoards(database: database)
  }

  package func getDashboard(
    _ request: GetDashboardRequest, context: TenantContext
  ) async throws -> GetDashboardResponse {
    let scope = TenantScope(context, in: database)
    let dashboard = try await DashboardReading.read(of: scope.companyID, from: database).dashboard
    Self.noteRead(dashboard.board, in: scope)
    return GetDashboardResponse(dashboard: dashboard)
  }

  package func watchDashboard(
    _ request: WatchDashboardRequest, responses: ResponseWriter<WatchDashboardResponse>,
    context: TenantContext
  ) async throws {
    let scope = TenantScope(context, in: database)
    try await hub.watching(scope.companyID) { watch in
      try await boards.keeping(scope.companyID) {
        let end = try await ChangeHandler.place(of: nil, in: scope)
        var view = DashboardView(scope: scope, boards: boards, responses: responses)
        if let known = request.afterSequence {
          _ = try await ChangeHandler.place(of: known, in: scope)
          try await view.resume(after: known, day: request.date, end: end)
        } else {
          try await view.sendWhole(atLeast: end)
        }
        while true {
          try await view.send(
            try await watch.entries(after: view.place, until: view.dayEnds))
        }
      }
    }
  }

  static func noteRead(_ board: [Appointment], in scope: TenantScope) {
    scope.noteRead(Set(board.map(\.patientID)).sorted().compactMap { UUID(text: $0) })
  }
}

/// What one watcher of a dashboard knows, and how it gets the rest.
private struct DashboardView {
  /// Kinds of things whose changes alter figures, or the rows that are named.
  private static let figures: Set<String> = ["follow_up", "resource", "availability_exception"]
  /// Kinds of things whose changes can alter every row.
  private static let everything: Set<String> = ["appointment_type", "company"]

  let scope: TenantScope
  let boards: DashboardBoards
  let responses: ResponseWriter<WatchDashboardResponse>

  /// How far the log was looked at.
  private(set) var place: Int64 = 0
  /// The place that the watcher was told.
  private var told: Int64 = 0
  private var day: Date?
  private(set) var dayEnds = Deadline.distantFuture

  init(
    scope: TenantScope, boards: DashboardBoards, responses: ResponseWriter<WatchDashboardResponse>
  ) {
    self.scope = scope
    self.boards = boards
    self.responses = responses
  }

  /// Sends the whole dashboard.
  mutating func sendWhole(atLeast sequence: Int64) async throws {
    let reading = try await boards.reading(
      of: scope.companyID, atLeast: sequence, youngerThan: .seconds(2))
    let dashboard = reading.dashboard
    DashboardHandler.noteRead(dashboard.board, in: scope)
    try await responses.write(
      WatchDashboardResponse(
        afterSequence: told, sequence: dashboard.sequence, content: .dashboard(dashboard)))
    (place, told) = (dashboard.sequence, dashboard.sequence)
    day = dashboard.date
    dayEnds = reading.dayEnds
  }

  /// Goes on where the watcher was, if what it knows is of this day and not too old.
  mutating func resume(after sequence: Int64, day known: Date?, end: Int64) async throws {
    let reading = try await boards.reading(
      of: scope.companyID, atLeast: end, youngerThan: .seconds(2))
    guard let known, known == reading.dashboard.date,
      end - sequence <= Int64(DashboardHandler.mostEntries)
    else { return try await sendWhole(atLeast: end) }
    (place, told) = (sequence, sequence)
    day = known
    dayEnds = reading.dayEnds
    // Figures that depend on the hour may have changed without an entry.
    try await responses.write(
      WatchDashboardResponse(
        afterSequence: sequence, sequence: sequence,
        content: .change(Self.change(reading.dashboard, rows: []))))
  }

  /// Sends what these entries of the log changed.
  mutating func send(_ entries: [ChangeEntry]) async throws {
    guard let last = entries.last?.sequence else {
      if dayEnds.hasPassed { try await sendWhole(atLeast: place) }
      return
    }
    if entries.contains(where: { Self.everything.contains($0.recordType) }) {
      return try await sendWhole(atLeast: last)
    }
    let touched = Set(
      entries.filter { $0.recordType == "appointment" || $0.recordType == "patient" }
        .map(\.recordID))
    let matters = entries.contains {
      Self.figures.contains($0.recordType) || $0.recordType == "appointment"
        || $0.recordType == "patient" && $0.action != "created" && $0.action != "imported"
    }
    place = last
    guard matters else {
      // A place that is far behind would be read again after a break.
      if last - told >= Int64(DashboardHandler.mostEntries) / 2 {
        try await responses.write(WatchDashboardResponse(afterSequence: told, sequence: last))
        told = last
      }
      return
    }
    let dashboard = try await boards.reading(of: scope.companyID, atLeast: last).dashboard
    guard dashboard.date == day else { return try await sendWhole(atLeast: last) }
    let rows = dashboard.board.filter {
      touched.contains($0.appointmentID) || touched.contains($0.patientID)
    }
    let shown = Set(dashboard.board.map(\.appointmentID))
    var change = Self.change(dashboard, rows: rows)
    change.removedAppointmentIds =
      entries.filter { $0.recordType == "appointment" && !shown.contains($0.recordID) }
      .map(\.recordID)
    DashboardHandler.noteRead(rows, in: scope)
    try await responses.write(
      WatchDashboardResponse(afterSequence: told, sequence: last, content: .change(change)))
    told = last
  }

  private static func change(_ dashboard: Dashboard, rows: [Appointment]) -> DashboardChange {
    DashboardChange(
      asOfTime: dashboard.asOfTime, summary: dashboard.summary, board: rows,
      resources: dashboard.resources)
  }
}
