/// The texts around a transaction.
enum TransactionStatements {
  static let rollback = SQLStatement("rollback", "rollback")()
  static let commit = SQLStatement("commit", "commit")()

  /// BEGIN with its modes spelled out, so that no session default can change them.
  static func begin(_ isolation: PostgresIsolation, _ access: PostgresAccessMode) -> SQLQuery {
    begins[isolation.rawValue * 2 + access.rawValue]
  }

  private static let begins: [SQLQuery] = PostgresIsolation.allCases.flatMap { isolation in
    PostgresAccessMode.allCases.map { access in
      let text = "begin isolation level \(isolation.sql) \(access.sql)"
      return SQLStatement(text, text)()
    }
  }
}
