internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import struct Foundation.UUID

extension Role {
  /// A role from the columns of `RoleStatements.columns`. The permissions of a built-in role are
  /// those of the contract.
  init(row: PostgresRow, isPlatform: Bool) throws {
    let builtIn = BuiltInRole(rawValue: try row.decode(4))
    let permissions =
      try builtIn.map { $0.permissions(isPlatform: isPlatform).sorted() } ?? row.decode(3)
    self.init(
      roleID: try row.decode(0, as: UUID.self).text,
      name: try row.decode(1), description_p: try row.decode(2), permissions: permissions,
      builtIn: builtIn != nil,
      createTime: Timestamp(try row.decode(5, as: PostgresTimestamp.self)),
      updateTime: Timestamp(try row.decode(6, as: PostgresTimestamp.self)),
      etag: Etag.text(version: try row.decode(7)))
  }
}
