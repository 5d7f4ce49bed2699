import Synchronization

/// A statement whose text is fixed: made once as a `static let`, prepared once per connection, and
/// bound by calling it with its parameters.
///
/// ```swift
/// static let get = SQLStatement(
///   "patients.get", "select … from clinic.patients where company_id = $1 and patient_id = $2")
/// let rows = try await client.query(get(companyID, patientID))
/// ```
public final class SQLStatement: Sendable {
  /// Identifies the statement in this process; ad-hoc queries share the value -1.
  let id: Int
  /// A short stable name for logs, metrics and the plan test.
  public let name: String
  /// The SQL, with parameters `$1` to `$n`.
  public let text: String
  /// Whether connections keep the statement prepared; not for texts that never come again.
  let isPreparable: Bool
  /// For a point read, the statement that reads several of its rows at once.
  public let many: SQLStatement?

  /// Registers a statement. Names should be unique: `slice.verb`.
  public init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
    isPreparable = true
    many = nil
    id = Self.registry.withLock { $0.nextID() }
    Self.registry.withLock { $0.statements.append(self) }
  }

  /// Registers a point read: a statement that finds at most one row, by a UUID that is its last
  /// parameter and its first column. Read-only calls of a tenant that share a batch, and differ in
  /// nothing but that key, cost the server one statement.
  ///
  /// ```swift
  /// static let get = SQLStatement(pointRead: "patients.get", by: "$2") { key in
  ///   "select id, … from clinic.patients where company_id = $1 and id \(key)"
  /// }
  /// ```
  public init(pointRead name: String, by parameter: String, _ text: (_ isKey: String) -> String) {
    self.name = name
    self.text = text("= \(parameter)::uuid")
    isPreparable = true
    many = SQLStatement("\(name)_many", text("= any(\(parameter)::uuid[])"))
    id = Self.registry.withLock { $0.nextID() }
    Self.registry.withLock { $0.statements.append(self) }
  }

  /// A statement that is not registered: the text of one interpolated query.
  init(adHoc text: String, isPreparable: Bool = true) {
    name = "ad hoc"
    self.text = text
    self.isPreparable = isPreparable
    many = nil
    id = -1
  }

  /// Binds the parameters `$1` to `$n`. The result may be kept and run any number of times.
  @inlinable
  public func callAsFunction<each Parameter: PostgresEncodable>(
    _ parameters: repeat each Parameter
  ) -> SQLQuery {
    var writer = PostgresParameterWriter(capacity: 64)
    repeat writer.bind(each parameters)
    return SQLQuery(statement: self, parameters: writer)
  }

  /// Every statement made so far. A `static let` is made at first use: list a slice's statements in
  /// an array and touch it before reading this.
  public static var registered: [SQLStatement] {
    registry.withLock { $0.statements }
  }

  private struct Registry {
    var statements: [SQLStatement] = []
    var lastID = -1

    mutating func nextID() -> Int {
      lastID += 1
      return lastID
    }
  }

  private static let registry = Mutex(Registry())
}

extension SQLStatement: CustomStringConvertible {
  public var description: String { "SQLStatement(\(name))" }
}
