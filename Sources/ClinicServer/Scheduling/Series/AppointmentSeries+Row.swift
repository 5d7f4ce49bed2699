internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import RPCCore
internal import struct Foundation.UUID

extension AppointmentSeries {
  /// A series from the columns of `AppointmentSeriesStatements`.
  init(row: PostgresRow) throws {
    self.init(
      appointmentSeriesID: try row.decode(0, as: UUID.self).text,
      patientID: try row.decode(1, as: UUID.self).text, patientName: try row.decode(2),
      appointmentTypeID: try row.decode(3, as: UUID.self).text,
      appointmentTypeName: try row.decode(4),
      pattern: RecurrencePattern(try Recurrence(stored: row.decode(5))),
      resourceIds: try row.decode(6, as: [UUID].self).map(\.text),
      lengthMinutes: try row.decode(7), reason: try row.decode(8),
      state: AppointmentSeriesState(rawValue: Int32(try row.decode(9, as: Int16.self))),
      bookedThrough: Date(day: try row.decode(10, as: PostgresDate.self).unixDays),
      previousAppointmentSeriesID: try row.decode(11, as: UUID?.self)?.text ?? "",
      createTime: Timestamp(try row.decode(12, as: PostgresTimestamp.self)),
      updateTime: Timestamp(try row.decode(13, as: PostgresTimestamp.self)),
      etag: Etag.text(version: try row.decode(14)),
      endReason: AppointmentSeriesEndReason(stored: try row.decode(16)))
  }

  /// Moves the version and the time of the last change as the database will.
  mutating func touch(at now: PostgresTimestamp) {
    etag = Etag.next(after: etag)
    updateTime = Timestamp(now)
  }

  /// The id; throws for a series that has none.
  var uuid: UUID {
    get throws { try UUID(contract: appointmentSeriesID, field: "appointment_series_id") }
  }

  /// The first and last day that the appointments are booked up to.
  var bookedThroughDay: LocalDay { LocalDay(number: bookedThrough?.wholeDay ?? 0) }
}

extension RecurrencePattern {
  /// A recurrence on the contract.
  init(_ recurrence: Recurrence) {
    self.init(
      start: LocalDateTime(recurrence.start), rule: recurrence.rule?.text ?? "",
      additions: recurrence.additions.sorted().map(LocalDateTime.init),
      exceptions: recurrence.exceptions.sorted().map(LocalDateTime.init))
  }

  /// The recurrence as a clinic's clock has it. INVALID_ARGUMENT, with the field and the part of the
  /// rule, for one that is not sound.
  func recurrence(path: String, clock: LocalTimeResolver) throws -> Recurrence {
    let start = try Self.moment(start, "\(path).start")
    var recurrence = Recurrence(start: start)
    do {
      recurrence.rule =
        try rule.isEmpty
        ? nil : RecurrenceRule(text: rule).onClock { instant in clock.local(at: instant) }
    } catch {
      throw RPCError.invalidArgument(
        field: "\(path).rule", reason: error.reason.rawValue, description: "\(error)")
    }
    for (index, addition) in additions.enumerated() {
      recurrence.additions.insert(try Self.moment(addition, "\(path).additions[\(index)]"))
    }
    for (index, exception) in exceptions.enumerated() {
      recurrence.exceptions.insert(try Self.moment(exception, "\(path).exceptions[\(index)]"))
    }
    let first = recurrence.rule?.occurrences(
      from: start, through: start.localDay + Recurrence.searchDays
    ).first { _ in true }
    guard recurrence.rule == nil || first == start else {
      throw RPCError.invalidArgument(
        field: "\(path).start", reason: "RECURRENCE_START_MISMATCH",
        description: first.map { "must be an occurrence of the rule; the first one is \($0)" }
          ?? "must be an occurrence of the rule, which has none")
    }
    return recurrence
  }

  private static func moment(_ time: LocalDateTime?, _ field: String) throws -> LocalMoment {
    guard let moment = time?.moment else {
      throw RPCError.invalidArgument(
        field: field, reason: "NO_SUCH_TIME",
        description: "must be a whole date of the calendar and a time from 00:00 to 24:00")
    }
    return moment
  }
}

extension Recurrence {
  /// The recurrence as the database keeps it: RFC 5545 properties, a line each.
  var stored: String { "DTSTART:\(start.basicText)\n\(text)" }

  /// Reads what ``stored`` gave.
  init(stored: String) throws {
    let lines = stored.split(separator: "\n", maxSplits: 1)
    guard let first = lines.first, first.hasPrefix("DTSTART:"),
      let start = LocalMoment(basicText: first.dropFirst(8))
    else { throw RPCError.internal() }
    self = try Recurrence(start: start, text: lines.count > 1 ? lines[1] : "")
  }
}
