internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension ServiceAccount {
  /// An account from the columns of `ServiceAccountStatements.columns`.
  init(row: PostgresRow) throws {
    self.init(
      serviceAccountID: try row.decode(0, as: UUID.self).text, name: try row.decode(1),
      description_p: try row.decode(2), permissions: try row.decode(3),
      state: ServiceAccountState(rawValue: Int32(try row.decode(4, as: Int16.self))),
      certificateThumbprints: try row.decode(5),
      createTime: Timestamp(try row.decode(6, as: PostgresTimestamp.self)),
      updateTime: Timestamp(try row.decode(7, as: PostgresTimestamp.self)),
      etag: Etag.text(version: try row.decode(8)))
  }

  /// Moves the version and the time of the last change as the database will.
  mutating func touch(at now: PostgresTimestamp) {
    etag = Etag.next(after: etag)
    updateTime = Timestamp(now)
  }
}

extension ApiKey {
  /// A key from the columns of `ApiKeyStatements.columns`.
  init(row: PostgresRow) throws {
    let revoked = try row.decode(7, as: PostgresTimestamp?.self)
    let isExpired = try row.decode(11, as: Bool.self)
    self.init(
      apiKeyID: try row.decode(0, as: UUID.self).text,
      serviceAccountID: try row.decode(1, as: UUID.self).text, name: try row.decode(2),
      permissions: try row.decode(3), hint: try row.decode(4),
      state: revoked != nil ? .revoked : isExpired ? .expired : .active,
      createTime: Timestamp(try row.decode(5, as: PostgresTimestamp.self)),
      expireTime: Timestamp(try row.decode(6, as: PostgresTimestamp.self)),
      revokeTime: revoked.map { Timestamp($0) },
      lastUsedTime: try row.decode(8, as: PostgresTimestamp?.self).map { Timestamp($0) },
      lastUsedAddress: try row.decode(9),
      replacedByApiKeyID: try row.decode(10, as: UUID?.self)?.text ?? "",
      limits: try UsageLimits(stored: row.decode(12)),
      updateTime: Timestamp(try row.decode(14, as: PostgresTimestamp.self)),
      etag: Etag.text(version: try row.decode(13)))
  }

  /// Moves the version and the time of the last change as the database will.
  mutating func touch(at now: PostgresTimestamp) {
    etag = Etag.next(after: etag)
    updateTime = Timestamp(now)
  }
}
