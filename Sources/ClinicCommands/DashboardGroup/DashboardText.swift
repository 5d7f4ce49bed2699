internal import ClinicContracts
internal import ProtobufRuntime

/// A clinic's day as lines of text, for a terminal of any size.
struct DashboardText {
  /// The clinic's name.
  var clinic: String
  /// The columns to fit into.
  var width: Int
  /// Whether parts stand out by colour.
  var isColored: Bool
  /// The seconds since 1970, from which waiting times are counted.
  var now: Int64
  /// What the clinic's clock shows.
  var clock: WallClock

  /// The lines, the most important first.
  func lines(_ day: Dashboard) -> [String] {
    var lines = [heading(day), ""]
    lines += figures(day.summary ?? DashboardSummary())
    let names = Dictionary(
      day.resources.map { ($0.resourceID, $0) }, uniquingKeysWith: { first, _ in first })
    for (title, statuses) in [
      ("Waiting", [AppointmentStatus.arrived, .checkedIn]), ("Being seen", [.inConsultation])
    ] {
      let rows = day.board.filter { statuses.contains($0.status) }
      lines += section(title, rows.sorted { since($0) < since($1) }, names)
    }
    lines += section(
      "To come", day.board.filter { [.booked, .confirmed].contains($0.status) }, names)
    if !day.resources.isEmpty {
      lines += ["", bold("Who and where")]
      lines += resources(day.resources)
    }
    let gone = day.board.filter { [.completed, .noShow, .leftBeforeSeen].contains($0.status) }
    lines += section("Gone", gone.sorted { since($0) > since($1) }, names)
    return lines.map { DisplayWidth.truncate($0, to: max(width, 20)) }.map(style)
  }

  private func heading(_ day: Dashboard) -> String {
    [clinic, clock.date(now), clock.time(now)].filter { !$0.isEmpty }.joined(separator: "  ")
  }

  private func figures(_ summary: DashboardSummary) -> [String] {
    let counts = summary.appointments.map { count in
      "\(count.count) \(DisplayText.word(ofEnumName: count.status.protoName ?? "other"))"
    }
    var waiting = "\(summary.waitingCount) waiting"
    if let since = summary.longestWaitingSince {
      waiting += ", the longest \(Self.minutes(now - since.seconds))"
    }
    if let average = summary.averageWaitSeconds, let longest = summary.longestWaitSeconds {
      waiting +=
        "; seen after \(Self.minutes(Int64(average))) on average, "
        + "\(Self.minutes(Int64(longest))) at most"
    }
    var followUps = ["\(summary.openFollowUpCount) open"]
    if summary.overdueFollowUpCount > 0 {
      followUps.append("\(summary.overdueFollowUpCount) overdue")
    }
    if summary.dueFollowUpCount > 0 { followUps.append("\(summary.dueFollowUpCount) due today") }
    if summary.unansweredFollowUpCount > 0 {
      followUps.append("\(summary.unansweredFollowUpCount) not begun in time")
    }
    return [
      "Appointments  " + (counts.isEmpty ? "none today" : counts.joined(separator: ", ")),
      "Patients      " + waiting,
      "Booked        \(summary.utilisationPercent ?? 0) % of the practitioners' hours, "
        + "\(summary.noShowCount) did not come",
      "Follow-ups    " + followUps.joined(separator: ", ")
    ]
  }

  // MARK: Tables

  private func section(
    _ title: String, _ rows: [Appointment], _ names: [String: DashboardResource]
  ) -> [String] {
    guard !rows.isEmpty else { return [] }
    let cells = rows.map { row -> [String] in
      let places = row.resourceIds.compactMap { names[$0]?.name }.joined(separator: ", ")
      let start = row.startTime.map { clock.time($0.seconds).prefix(5) } ?? ""
      var state = ""
      switch row.status {
      case .arrived, .checkedIn, .inConsultation: state = Self.minutes(now - since(row))
      case .booked, .confirmed:
        let late = now - (row.startTime?.seconds ?? now)
        state = late > 60 ? "\(Self.minutes(late)) late" : ""
      default: state = String(clock.time(since(row)).prefix(5))
      }
      let status = DisplayText.word(ofEnumName: row.status.protoName ?? "")
      return [String(start), state, row.patientName, row.appointmentTypeName, places, status]
    }
    return ["", bold("\(title) (\(rows.count))")]
      + Self.aligned(cells.map { $0.map(DisplayWidth.printable) })
  }

  private func resources(_ resources: [DashboardResource]) -> [String] {
    Self.aligned(
      resources.map { resource in
        var share = ""
        if resource.availableMinutes > 0 {
          share = "\((resource.bookedMinutes * 100) / resource.availableMinutes) % booked"
        }
        return [
          DisplayWidth.printable(resource.name),
          DisplayText.word(ofEnumName: resource.kind.protoName ?? ""), share, free(resource)
        ]
      })
  }

  private func free(_ resource: DashboardResource) -> String {
    guard let from = resource.nextFreeTime?.seconds,
      let until = resource.nextFreeUntilTime?.seconds,
      until > now
    else { return "not free today" }
    let end = clock.time(until).prefix(5)
    return from <= now ? "free now until \(end)" : "free \(clock.time(from).prefix(5)) to \(end)"
  }

  private static func aligned(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      min(rows.map { DisplayWidth.of($0[column]) }.max() ?? 0, 32)
    }
    return rows.map { row in
      var line = " "
      for (column, cell) in row.enumerated() where widths[column] > 0 {
        let text = DisplayWidth.truncate(cell, to: widths[column])
        line +=
          " " + text + String(repeating: " ", count: widths[column] - DisplayWidth.of(text))
          + " "
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private func since(_ row: Appointment) -> Int64 {
    switch row.status {
    case .arrived, .checkedIn: row.arriveTime?.seconds ?? row.statusTime?.seconds ?? now
    default: row.statusTime?.seconds ?? now
    }
  }

  private static func minutes(_ seconds: Int64) -> String {
    let minutes = max(seconds, 0) / 60
    return minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }

  // MARK: Styles

  /// Marks a line as a heading; ``style(_:)`` makes it one when it has its final width.
  private func bold(_ text: String) -> String { "\u{2}" + text }

  private func style(_ line: String) -> String {
    guard line.first == "\u{2}" else { return line }
    return TextStyle.bold.apply(to: String(line.dropFirst()), enabled: isColored)
  }
}
