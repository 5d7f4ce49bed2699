internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension Patient {
  /// A patient from the columns of `PatientStatements.columns`.
  init(row: PostgresRow) throws {
    // The lists come first: they are the rest of a patient.
    try self.init(listsOf: row)
    patientID = try row.decode(0, as: UUID.self).text
    recordNumber = try row.decode(1)
    name = PersonName(
      text: try row.decode(2), given: try row.decode(3), family: try row.decode(4),
      prefix: try row.decode(5), suffix: try row.decode(6),
      use: NameUse(rawValue: Int32(try row.decode(7, as: Int16.self))))
    birthDate = try row.decode(8, as: Int32?.self).map(Date.init(packed:))
    sex = Sex(rawValue: Int32(try row.decode(9, as: Int16.self)))
    gender = try row.decode(10)
    deceased = try row.decode(11)
    deathDate = try row.decode(12, as: Int32?.self).map(Date.init(packed:))
    tags = try row.decode(13)
    language = try row.decode(14)
    needsInterpreter = try row.decode(15)
    maritalStatus = try row.decode(16)
    ethnicity = try row.decode(17)
    state = PatientState(rawValue: Int32(try row.decode(20, as: Int16.self)))
    archiveTime = try row.decode(21, as: PostgresTimestamp?.self).map(Timestamp.init)
    etag = Etag.text(version: try row.decode(22))
    createTime = Timestamp(try row.decode(23, as: PostgresTimestamp.self))
    updateTime = Timestamp(try row.decode(24, as: PostgresTimestamp.self))
  }

  /// A patient of nothing but the lists that the database keeps as one value.
  private init(listsOf row: PostgresRow) throws {
    if let json = try row.decode(19, as: PostgresJSON?.self) {
      // Last written before migration 0004, while a consent was yes or no. Within a text its quotes
      // would be escaped.
      try self.init(
        jsonString: json.text.replacing(
          #""granted": true"#, with: #""decision": "CONSENT_DECISION_GRANTED""#))
    } else {
      self = try row.withBytes(18) { bytes in
        try Patient(serializedBytes: bytes ?? UnsafeRawBufferPointer(start: nil, count: 0))
      }
    }
    // While a consent was yes or no, no was what it did not say.
    for index in consents.indices where consents[index].decision == .unspecified {
      consents[index].decision = .refused
    }
  }

  /// The lists as the one value that the database keeps.
  func serializedLists() throws -> [UInt8] {
    try Patient(
      otherNames: otherNames, identifiers: identifiers, contactPoints: contactPoints,
      addresses: addresses, relatedPersons: relatedPersons, consents: consents
    ).serializedBytes()
  }
}

extension Date {
  /// A date from its form in the database: yyyymmdd with 00 for unknown parts.
  init(packed: Int32) {
    self.init(year: packed / 10_000, month: packed / 100 % 100, day: packed % 100)
  }

  /// Whether the calendar has such a day, month or year.
  var exists: Bool {
    PartialDate(year: Int(year), month: Int(month), day: Int(day)) != nil
  }

  /// The form in the database: yyyymmdd with 00 for unknown parts.
  var packed: Int32 { year * 10_000 + month * 100 + day }
}
