internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension AppointmentType {
  /// A type from the columns of `AppointmentTypeStatements.columns`.
  init(row: PostgresRow) throws {
    // The needs come first: they are the rest of a type, as JSON.
    try self.init(jsonString: "{\"needs\":\(row.decode(6, as: PostgresJSON.self).text)}")
    appointmentTypeID = try row.decode(0, as: UUID.self).text
    name = try row.decode(1)
    lengthMinutes = try row.decode(2)
    bufferBeforeMinutes = try row.decode(3)
    bufferAfterMinutes = try row.decode(4)
    color = try row.decode(5)
    state = AppointmentTypeState(rawValue: Int32(try row.decode(7, as: Int16.self)))
    createTime = Timestamp(try row.decode(8, as: PostgresTimestamp.self))
    updateTime = Timestamp(try row.decode(9, as: PostgresTimestamp.self))
    etag = Etag.text(version: try row.decode(10))
  }

  /// The needs as the JSON that the database keeps.
  func needsJSON() throws -> PostgresJSON {
    PostgresJSON("[" + (try needs.map { try $0.jsonString() }).joined(separator: ",") + "]")
  }

  /// Moves the version and the time of the last change as the database will.
  mutating func touch(at now: PostgresTimestamp) {
    etag = Etag.next(after: etag)
    updateTime = Timestamp(now)
  }
}
