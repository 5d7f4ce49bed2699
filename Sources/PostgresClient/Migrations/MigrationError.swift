/// A schema cannot be brought or recognised to be where the program needs it.
public enum MigrationError: Error, Sendable {
  /// A file is not named like `0001_name.sql`.
  case badFileName(String)
  /// Two files have the same number.
  case duplicateNumber(Int)
  /// Files that were applied have been changed since.
  case edited([Int])
  /// Steps are missing in front of ones that were applied.
  case outOfOrder([Int])
  /// The database lacks steps: run the migrations.
  case behind([Int])
  /// A step failed; nothing of it was applied.
  case failed(number: Int, name: String, PostgresError)
}

extension MigrationError: CustomStringConvertible {
  public var description: String {
    func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
    return switch self {
    case .badFileName(let name): "migration file \(name) is not named like 0001_name.sql"
    case .duplicateNumber(let number): "two migrations have the number \(number)"
    case .edited(let numbers): "applied migrations were edited: \(list(numbers))"
    case .outOfOrder(let numbers): "migrations come before applied ones: \(list(numbers))"
    case .behind(let numbers): "the database lacks migrations: \(list(numbers))"
    // The text of a schema's error holds names of the schema, not patient data.
    case .failed(let number, let name, let error):
      "migration \(number) \(name) failed: \(error): \(error.message)"
    }
  }
}
