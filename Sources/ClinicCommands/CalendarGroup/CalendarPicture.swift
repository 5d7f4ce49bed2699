package import ClinicContracts
internal import ProtobufRuntime

/// Draws a calendar for a terminal.
package struct CalendarPicture: Sendable {
  /// How wide it may be.
  package let width: Int
  /// Whether it is styled.
  package let isColored: Bool
  /// Minutes of a row.
  package let step: Int
  private let zone: ClinicZone
  private let today: Int

  package init(zone: ClinicZone, now: Int64, width: Int, isColored: Bool, step: Int = 30) {
    self.zone = zone
    self.width = max(width, 40)
    self.isColored = isColored
    self.step = step
    today = zone.local(now).day
  }

  /// A column of time: a day of a resource.
  private struct Column {
    let title: String
    let isToday: Bool
    let day: CalendarDay
  }

  /// The picture of a day: a column for each resource.
  package func day(_ calendar: GetCalendarResponse) -> String {
    let day = calendar.firstDate?.dayNumber ?? 0
    let columns = calendar.calendars.compactMap { resource in
      resource.days.first.map { Column(title: resource.name, isToday: false, day: $0) }
    }
    return heading(longDate(day), calendar) + grid(columns) + legend(columns.map(\.day))
  }

  /// The picture of a week: for each resource a column for each day, without an idle week-end.
  package func week(_ calendar: GetCalendarResponse) -> String {
    var text = heading(
      "Week of \(longDate(calendar.firstDate?.dayNumber ?? 0))", calendar)
    for resource in calendar.calendars {
      var days = resource.days
      while days.count > 5, let last = days.last, last.available.isEmpty, last.appointments.isEmpty
      {
        days.removeLast()
      }
      let columns = days.map { day in
        let number = day.date?.dayNumber ?? 0
        let weekday = DayNumber.weekdays[DayNumber.weekday(number)].prefix(3)
        return Column(
          title: "\(weekday) \(day.date?.day ?? 0)", isToday: number == today, day: day)
      }
      text += bold(resource.name) + "\n" + grid(columns)
    }
    return text + legend(calendar.calendars.flatMap(\.days))
  }

  /// The picture of a month: for each resource a field for each day with how full it is.
  package func month(_ calendar: GetCalendarResponse) -> String {
    let first = calendar.firstDate?.dayNumber ?? 0
    let date = DayNumber.date(first)
    var text = heading("\(DayNumber.months[date.month - 1]) \(date.year)", calendar)
    let field = max((width - 1) / 7, 9)
    for resource in calendar.calendars {
      text += bold(resource.name) + "\n"
      text +=
        DayNumber.weekdays.map { fit(String($0.prefix(3)), field) }.joined().trimmingBlanks + "\n"
      var line = String(repeating: " ", count: field * DayNumber.weekday(first))
      for day in resource.days {
        let number = day.date?.dayNumber ?? 0
        line += monthField(day, number, field)
        if DayNumber.weekday(number) == 6 {
          text += line.trimmingBlanks + "\n"
          line = ""
        }
      }
      text += line.isEmpty ? "" : line.trimmingBlanks + "\n"
      let minutes = resource.days.reduce((booked: 0, available: 0)) {
        ($0.booked + Int($1.bookedMinutes), $0.available + Int($1.availableMinutes))
      }
      let count = resource.days.reduce(0) { $0 + Int($1.appointmentCount) }
      text += dim("\(count) appointments, \(share(minutes)) of the hours booked") + "\n\n"
    }
    return text
  }

  private func monthField(_ day: CalendarDay, _ number: Int, _ width: Int) -> String {
    let name = String(day.date?.day ?? 0)
    var text = String(repeating: " ", count: max(2 - name.count, 0)) + name
    if day.availableMinutes > 0 || day.appointmentCount > 0 {
      let bars = Array("▁▂▃▄▅▆▇█")
      let level = min(
        Int(day.bookedMinutes) * bars.count / max(Int(day.availableMinutes), 1), bars.count - 1)
      text += " " + (day.appointmentCount == 0 ? "·" : "\(bars[level]) \(day.appointmentCount)")
    }
    let padded = fit(text, width)
    return number == today ? bold(padded) : day.availableMinutes == 0 ? dim(padded) : padded
  }

  private func share(_ minutes: (booked: Int, available: Int)) -> String {
    minutes.available == 0 ? "none" : "\(minutes.booked * 100 / minutes.available) %"
  }

  // MARK: A grid of times

  private func grid(_ columns: [Column]) -> String {
    guard !columns.isEmpty else { return dim("Nobody to show.") + "\n" }
    guard let hours = hours(columns) else { return dim("Nobody is available.") + "\n\n" }
    let field = max((width - 7) / columns.count - 1, 8)
    let titles = columns.map { column in
      let title = fit(" " + column.title, field)
      return column.isToday ? TextStyle.cyan.apply(to: title, enabled: isColored) : bold(title)
    }
    var text = ("      " + dim("│") + titles.joined(separator: dim("│"))).trimmingBlanks + "\n"
    for row in stride(from: hours.lowerBound, to: hours.upperBound, by: step) {
      let cells = columns.map { cell($0, row: row, width: field) }
      let label = row % 60 == 0 ? MomentText.clock(row) : "     "
      text += (dim(label + " │") + cells.joined(separator: dim("│"))).trimmingBlanks + "\n"
    }
    return text + "\n"
  }

  /// The minutes of the day that have anything to show, in whole hours.
  private func hours(_ columns: [Column]) -> Range<Int>? {
    let spans = columns.flatMap { column in
      column.day.available.map { local($0.startTime, $0.endTime, column) }
        + column.day.appointments.map { local($0.startTime, $0.endTime, column) }
    }
    guard let first = spans.map(\.lowerBound).min(), let last = spans.map(\.upperBound).max() else {
      return nil
    }
    return first / 60 * 60..<min((last + 59) / 60 * 60, 1440)
  }

  /// Minutes since the column's midnight.
  private func local(
    _ start: Timestamp?, _ end: Timestamp?, _ column: Column
  ) -> Range<Int> {
    func minute(_ time: Timestamp?) -> Int {
      let local = zone.local(time?.seconds ?? 0)
      return (local.day - (column.day.date?.dayNumber ?? local.day)) * 1440 + local.minute
    }
    // What began the day before shows from midnight on.
    let first = max(minute(start), 0)
    return first..<max(minute(end), first)
  }

  private func cell(_ column: Column, row: Int, width: Int) -> String {
    let rows = row..<row + step
    let here = column.day.appointments.filter {
      local($0.startTime, $0.endTime, column).overlaps(rows) && $0.status != .cancelled
        && $0.status != .noShow && $0.status != .leftBeforeSeen
        || rows.contains(local($0.startTime, $0.endTime, column).lowerBound)
    }
    guard !here.isEmpty else {
      let isOpen = column.day.available.contains {
        local($0.startTime, $0.endTime, column).overlaps(rows)
      }
      return isOpen
        ? String(repeating: " ", count: width) : dim(String(repeating: "░", count: width))
    }
    let share = width / here.count
    return here.enumerated().map { index, appointment in
      let room = index == here.count - 1 ? width - share * index : share
      let span = local(appointment.startTime, appointment.endTime, column)
      let begins = rows.contains(span.lowerBound)
      let mark = Self.marks[appointment.status]?.mark ?? "?"
      // A start between two rows says when.
      let offset = span.lowerBound % step == 0 ? "" : MomentText.clock(span.lowerBound) + " "
      let text = begins ? "\(mark) \(offset)\(appointment.patientName)" : "┃"
      return style(appointment.status).apply(
        to: fit(DisplayWidth.printable(text), room), enabled: isColored)
    }.joined()
  }

  // MARK: Words and signs

  private static let marks: [AppointmentStatus: (mark: String, name: String)] = [
    .requested: ("?", "requested"), .held: ("◌", "held"), .booked: ("○", "booked"),
    .confirmed: ("●", "confirmed"), .arrived: ("◐", "arrived"), .checkedIn: ("◑", "checked in"),
    .inConsultation: ("▶", "in consultation"), .completed: ("✓", "completed"),
    .cancelled: ("×", "cancelled"), .noShow: ("∅", "no show"),
    .leftBeforeSeen: ("↩", "left before seen")
  ]

  private func style(_ status: AppointmentStatus) -> TextStyle {
    switch status {
    case .arrived, .checkedIn, .inConsultation: .green
    case .requested, .held: .yellow
    case .completed, .cancelled: .dim
    case .noShow, .leftBeforeSeen: .red
    default: .cyan
    }
  }

  private func legend(_ days: [CalendarDay]) -> String {
    let used = Set(days.flatMap(\.appointments).map(\.status))
    let parts = AppointmentStatus.allShown.filter(used.contains).compactMap { Self.marks[$0] }
    guard !parts.isEmpty else { return "" }
    return dim(parts.map { "\($0.mark) \($0.name)" }.joined(separator: "   ")) + "\n"
  }

  private func heading(_ text: String, _ calendar: GetCalendarResponse) -> String {
    bold(text) + dim("  \(calendar.timeZone)") + "\n\n"
  }

  private func longDate(_ day: Int) -> String {
    let date = DayNumber.date(day)
    let weekday = DayNumber.weekdays[DayNumber.weekday(day)]
    return "\(weekday) \(date.day) \(DayNumber.months[date.month - 1]) \(date.year)"
  }

  private func fit(_ text: String, _ width: Int) -> String {
    let text = DisplayWidth.truncate(text, to: width)
    return text + String(repeating: " ", count: width - DisplayWidth.of(text))
  }

  private func bold(_ text: String) -> String { TextStyle.bold.apply(to: text, enabled: isColored) }

  private func dim(_ text: String) -> String { TextStyle.dim.apply(to: text, enabled: isColored) }
}

extension AppointmentStatus {
  fileprivate static let allShown: [AppointmentStatus] = (1...11).map(AppointmentStatus.init)
}

extension String {
  fileprivate var trimmingBlanks: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
