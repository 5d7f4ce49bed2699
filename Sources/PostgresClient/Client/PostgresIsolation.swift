/// How far a transaction is kept apart from others (SQL standard; PostgreSQL has three levels).
public enum PostgresIsolation: Int, CaseIterable, Sendable {
  case readCommitted
  case repeatableRead
  case serializable

  var sql: String {
    switch self {
    case .readCommitted: "read committed"
    case .repeatableRead: "repeatable read"
    case .serializable: "serializable"
    }
  }
}

/// Whether a transaction may write.
public enum PostgresAccessMode: Int, CaseIterable, Sendable {
  case readWrite
  case readOnly

  var sql: String {
    switch self {
    case .readWrite: "read write"
    case .readOnly: "read only"
    }
  }
}
