internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension Note {
  /// A version of a note from the columns of `NoteStatements.columns`.
  init(row: PostgresRow) throws {
    let version: Int32 = try row.decode(7)
    self.init(
      noteID: try row.decode(0, as: UUID.self).text,
      patientID: try row.decode(1, as: UUID.self).text,
      appointmentID: try row.decode(2, as: UUID?.self)?.text ?? "",
      kind: NoteKind(rawValue: Int32(try row.decode(3, as: Int16.self))),
      title: try row.decode(4), text: try row.decode(5),
      state: NoteState(rawValue: Int32(try row.decode(6, as: Int16.self))), version: version,
      author: ActorMessage(
        accountID: try row.decode(8, as: UUID.self).text,
        kind: AccountKind(rawValue: Int32(try row.decode(13, as: Int16.self))),
        displayName: try row.decode(9, as: String?.self) ?? ""),
      reason: try row.decode(10),
      createTime: Timestamp(try row.decode(11, as: PostgresTimestamp.self)),
      updateTime: Timestamp(try row.decode(12, as: PostgresTimestamp.self)),
      etag: Etag.text(version: Int64(version)))
  }
}
