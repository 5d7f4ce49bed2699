internal import ClinicContracts
internal import PostgresClient
internal import ProtobufRuntime
internal import Foundation

extension Staff {
  /// An account from the columns of `StaffStatements.columns`.
  init(row: PostgresRow) throws {
    self.init(
      staffID: try row.decode(0, as: UUID.self).text,
      email: try row.decode(1), displayName: try row.decode(2), jobTitle: try row.decode(3),
      phone: try row.decode(4),
      roleIds: try row.decode(5, as: [UUID].self).map(\.text),
      state: StaffState(rawValue: Int32(try row.decode(6, as: Int16.self))),
      mustChangePassword: try row.decode(7),
      lastLoginTime: try row.decode(8, as: PostgresTimestamp?.self).map(Timestamp.init),
      createTime: Timestamp(try row.decode(9, as: PostgresTimestamp.self)),
      updateTime: Timestamp(try row.decode(10, as: PostgresTimestamp.self)),
      etag: Etag.text(version: try row.decode(11)))
  }

  /// Moves the version and the time of the last change as the database will.
  mutating func touch(at now: PostgresTimestamp) {
    etag = Etag.next(after: etag)
    updateTime = Timestamp(now)
  }
}

/// The form in which login names are compared.
enum EmailFolding {
  /// Case makes no difference to a mailbox in practice, nor does its Unicode form.
  static func fold(_ email: String) -> String {
    email.precomposedStringWithCanonicalMapping.lowercased()
  }
}
