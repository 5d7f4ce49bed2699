/// A value that binds to a statement parameter, in PostgreSQL's binary format.
///
/// The parameter's type is declared to the server from the Swift type, never guessed from the
/// statement. A value that goes into a column of another type (an enum, jsonb) needs a cast in the
/// SQL: `$3::clinic.sex`.
public protocol PostgresEncodable: Sendable {
  /// The type declared for the parameter.
  static var postgresType: PostgresType { get }

  /// Whether the value binds as NULL; `encode(into:)` is not called then.
  var isPostgresNull: Bool { get }

  /// Appends the binary form of the value, without its length.
  func encode(into writer: inout PostgresParameterWriter)
}

extension PostgresEncodable {
  /// Never NULL, unless a type says so.
  @inlinable
  public var isPostgresNull: Bool { false }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  @inlinable
  public static var postgresType: PostgresType { Wrapped.postgresType }

  @inlinable
  public var isPostgresNull: Bool {
    switch self {
    case .none: true
    case .some(let value): value.isPostgresNull
    }
  }

  @inlinable
  public func encode(into writer: inout PostgresParameterWriter) {
    self?.encode(into: &writer)
  }
}
