internal import ClinicContracts
internal import PostgresClient
internal import RPCCore
internal import struct Foundation.UUID

extension ActorMessage {
  /// Two columns with the names of an account of a row: as a member of staff, as a service account.
  static func names(of column: String, in table: String) -> String {
    """
    (select s.display_name from clinic.staff s \
    where s.company_id = \(table).company_id and s.id = \(table).\(column)), \
    (select a.name from clinic.service_accounts a \
    where a.company_id = \(table).company_id and a.id = \(table).\(column))
    """
  }

  /// Who has an id, from the columns of ``names(of:in:)``; nil for nobody. Accounts of both kinds stay
  /// for ever, so that a name tells the kind.
  init?(_ id: UUID?, names row: PostgresRow, at column: Int) throws {
    guard let id else { return nil }
    guard id != SystemActor.id else {
      self.init(kind: .server)
      return
    }
    let service = try row.decode(column + 1, as: String?.self)
    self.init(
      accountID: id.text, kind: service == nil ? .staff : .service,
      displayName: try service ?? row.decode(column, as: String?.self) ?? "")
  }

  /// Who makes a call.
  init(_ principal: Principal) {
    self.init(
      accountID: principal.accountID.text, kind: principal.kind == .staff ? .staff : .service,
      displayName: principal.displayName)
  }
}
