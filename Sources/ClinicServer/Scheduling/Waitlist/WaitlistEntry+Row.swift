internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension WaitlistEntry {
  /// An entry from the columns of `WaitlistStatements`.
  init(row: PostgresRow) throws {
    self.init(
      waitlistEntryID: try row.decode(0, as: UUID.self).text,
      patientID: try row.decode(1, as: UUID.self).text, patientName: try row.decode(2),
      appointmentTypeID: try row.decode(3, as: UUID.self).text,
      appointmentTypeName: try row.decode(4),
      resourceIds: try row.decode(5, as: [UUID].self).map(\.text),
      earliestDate: try row.decode(6, as: PostgresDate?.self).map { Date(day: $0.unixDays) },
      latestDate: try row.decode(7, as: PostgresDate?.self).map { Date(day: $0.unixDays) },
      windows: Self.windows(packed: try row.decode(8)),
      priority: WaitlistPriority(rank: try row.decode(9)), notes: try row.decode(10),
      noticeMinutes: try row.decode(11),
      state: WaitlistEntryState(rawValue: Int32(try row.decode(12, as: Int16.self))),
      createTime: Timestamp(try row.decode(13, as: PostgresTimestamp.self)),
      updateTime: Timestamp(try row.decode(14, as: PostgresTimestamp.self)),
      etag: Etag.text(version: try row.decode(15)))
    if try row.decode(16, as: UUID?.self) != nil { offer = try WaitlistOffer(row: row, from: 16) }
  }

  /// Moves the version and the time of the last change as the database will.
  mutating func touch(at now: PostgresTimestamp) {
    etag = Etag.next(after: etag)
    updateTime = Timestamp(now)
  }

  /// The windows as the database keeps them: three numbers for each.
  var packedWindows: [Int32] {
    windows.flatMap { window -> [Int32] in
      [
        window.dayOfWeek.rawValue, Int32(window.starts?.minuteOfDay ?? 0),
        Int32(window.ends?.minuteOfDay ?? 1_440)
      ]
    }
  }

  private static func windows(packed: [Int32]) -> [WaitlistWindow] {
    stride(from: 0, to: packed.count - packed.count % 3, by: 3).map { index in
      WaitlistWindow(
        dayOfWeek: DayOfWeek(rawValue: packed[index]),
        starts: LocalTime(minuteOfDay: packed[index + 1]),
        ends: LocalTime(minuteOfDay: packed[index + 2]))
    }
  }
}

extension WaitlistOffer {
  /// An offer from the columns of `WaitlistStatements`, of which the first is `first`.
  init(row: PostgresRow, from first: Int = 0) throws {
    self.init(
      waitlistOfferID: try row.decode(first, as: UUID.self).text,
      waitlistEntryID: try row.decode(first + 1, as: UUID.self).text,
      appointmentID: try row.decode(first + 2, as: UUID.self).text,
      startTime: Timestamp(try row.decode(first + 3, as: PostgresTimestamp.self)),
      endTime: Timestamp(try row.decode(first + 4, as: PostgresTimestamp.self)),
      state: WaitlistOfferState(rawValue: Int32(try row.decode(first + 5, as: Int16.self))),
      createTime: Timestamp(try row.decode(first + 6, as: PostgresTimestamp.self)),
      expireTime: Timestamp(try row.decode(first + 7, as: PostgresTimestamp.self)),
      resolveTime: try row.decode(first + 8, as: PostgresTimestamp?.self).map(Timestamp.init))
  }
}

extension WaitlistPriority {
  /// The priority of a rank: 1 comes first.
  init(rank: Int16) {
    self = rank == 1 ? .urgent : rank == 2 ? .soon : .routine
  }

  /// Who comes first: 1 before 2 before 3.
  var rank: Int16 {
    switch self {
    case .urgent: 1
    case .soon: 2
    default: 3
    }
  }
}
